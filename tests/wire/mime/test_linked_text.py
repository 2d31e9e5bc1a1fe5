"""Plain text to show: its addresses are links, its signs are only signs."""

import re

import pytest

from postroom.wire.mime.linked_text import linked_text


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://acme.example/offer?a=1&b=2.", ["https://acme.example/offer?a=1&amp;b=2"]),
        ("(at https://acme.example/a_(b)) and", ["https://acme.example/a_(b)"]),
        ("www.acme.example, or ann@acme.example!", ["https://www.acme.example", "mailto:ann@acme.example"]),
        ("<https://acme.example/x>", ["https://acme.example/x"]),
        ("https://ann:secret@acme.example/x", ["https://ann:secret@acme.example/x"]),
        ("http:// a@b javascript:alert(1) file:///etc", []),
    ],
)
def test_addresses_become_links_and_nothing_else_does(text: str, links: list[str]) -> None:
    assert re.findall(r'<a href="([^"]*)" target="_blank" rel="noopener noreferrer">', linked_text(text)) == links


def test_nothing_in_a_text_is_markup() -> None:
    shown = linked_text('<b onclick="x">&amp; https://x.example/"onmouseover="alert(1)" <script>')
    assert re.sub(r'<a href="https://x\.example/" [^<>]*>|</a>', "", shown) == (
        "&lt;b onclick=&quot;x&quot;&gt;&amp;amp; https://x.example/&quot;onmouseover=&quot;alert(1)&quot; &lt;script&gt;"
    )


def test_the_words_stay_as_they_were() -> None:
    text = "a  b\n\thttps://x.example/... (www.y.example)"
    assert re.sub("<[^>]*>", "", linked_text(text)) == text
