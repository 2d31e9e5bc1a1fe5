"""What a signature may hold, where its tag is found, and how its images are named."""

import base64

import pytest

from postroom.ground.errors import Invalid
from postroom.rooms.templates.filters import Ready
from postroom.rooms.templates.signature import (
    LARGEST_IMAGE,
    LONGEST_SIGNATURE,
    Picture,
    Signature,
    check_signature,
    cleaned,
    content_id_in,
    has_tag,
    images_in,
    picture_of,
    signed,
    sources,
    with_signature,
    with_sources,
)
from postroom.rooms.templates.template import TemplateFile

PIXEL = base64.b64encode(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;").decode()
DATA = f"data:image/gif;base64,{PIXEL}"


def test_nothing_in_a_signature_runs_or_leads_elsewhere() -> None:
    html = (
        '<script>x()</script><p onclick="x()" style="color:red">Ann {user.phone}</p><iframe src="https://x.test">'
        f'</iframe><img src="{DATA}"><img src="https://us.test/logo.png?a=1&amp;b=2"><img src="javascript:x()">'
        "<form><input></form>"
        '<a href="javascript:x()">a</a><a href="mailto:{{ user.email }}">mail</a><img src="file:///etc/passwd">'
    )
    safe = cleaned(html)
    for banned in ("script", "onclick", "iframe", "form", "input", "file:"):
        assert banned not in safe
    assert "color:red" in safe.replace(" ", "") and "{user.phone}" in safe and "mailto:{{user.email}}" in safe
    assert sources(safe) == (DATA, "https://us.test/logo.png?a=1&b=2")
    assert cleaned(safe) == safe


def test_a_signature_that_is_too_long_is_refused_but_its_images_do_not_count() -> None:
    assert sources(cleaned(f'<img src="{DATA}">' * 10)) == (DATA,)
    assert cleaned(f'<img src="data:image/gif;base64,{"A" * 4 * LONGEST_SIGNATURE}">')
    with pytest.raises(Invalid, match="characters"):
        cleaned("x" * (LONGEST_SIGNATURE + 1))


def test_sources_are_replaced_and_images_without_one_go() -> None:
    html = '<p>a</p><img alt="a &gt; &quot;b&quot;" src="https://x.test/?a&amp;b"><img src="cid:y">'
    named = with_sources(html, lambda source: "" if source == "cid:y" else f"cid:{len(source)}")
    assert named == '<p>a</p><img alt="a &gt; &quot;b&quot;" src="cid:19">'


def test_an_image_is_known_by_its_bytes() -> None:
    picture = picture_of(DATA)
    assert picture is not None and picture.filename == "image.gif"
    assert picture == picture_of(DATA) and content_id_in(f"cid:{picture.content_id}") == picture.content_id
    assert picture_of("https://x.test/a.gif") is None and content_id_in("cid:logo@x") is None
    for wrong in ("data:image/svg+xml;base64,AAAA", "data:image/png;base64,A", "data:image/png;base64,=A=="):
        with pytest.raises(Invalid):
            picture_of(wrong)
    with pytest.raises(Invalid, match="KB"):
        picture_of(f"data:image/png;base64,{base64.b64encode(bytes(LARGEST_IMAGE + 1)).decode()}")


def test_a_variable_nobody_knows_is_refused_before_it_stands_under_every_email() -> None:
    check_signature(Signature("{user.name} {{ user.title | default: 'Sales' }} {company.name} {not this}"))
    with pytest.raises(Invalid, match=r"user\.nmae"):
        check_signature(Signature("{user.nmae}"))
    file = TemplateFile("f", "image.png", "image/png", 900_000, "b", "x")
    with pytest.raises(Invalid, match="together"):
        check_signature(Signature("", (file,) * 3))
    with pytest.raises(Invalid, match="images"):
        check_signature(Signature("", (file,) * 21))


def test_a_signature_is_filled_in_for_whoever_signs() -> None:
    ready, missing = signed(
        Signature("<p>{user.name}<br>{user.phone}{signature}</p>"), {"user": {"name": "Ann <Smith>"}}
    )
    assert ready == Ready("<p>Ann &lt;Smith&gt;<br></p>", "Ann <Smith>")
    assert [one.variable for one in missing] == ["user.phone", "signature"]
    assert signed(Signature(), {}) == (Ready("", ""), ())


def test_the_tag_is_replaced_and_nothing_else() -> None:
    text = "a {{ signature }} {signature} {{&nbsp;user.signature }} {SIGNATURE} { contact.name } signature {% raw %}"
    assert has_tag(text)
    assert with_signature(text, r"\1<b>") == r"a \1<b> \1<b> \1<b> \1<b> { contact.name } signature {% raw %}"
    assert not has_tag("my signature is {here}") and not has_tag("{signatures}")


def test_only_images_that_stand_in_the_html_go_with_it() -> None:
    picture = Picture("image/gif", b"x")
    file = TemplateFile("f", "image.gif", "image/gif", 1, "b", picture.content_id, True)
    signature = Signature(
        "", (file, TemplateFile("g", "image.gif", "image/gif", 1, "b", "0" * 20 + "@signature", True))
    )
    assert images_in(f'<img src="cid:{picture.content_id}">', signature) == (file,)
    assert images_in("<p>none</p>", signature) == ()
