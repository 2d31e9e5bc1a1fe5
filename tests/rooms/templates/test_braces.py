"""Which braces are tags, and that all others come back letter by letter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.ground.errors import Invalid
from postroom.rooms.templates.braces import Form, Kind, read
from postroom.rooms.templates.render import TemplateText, compile_template
from postroom.rooms.templates.tags import TAGS, is_branch, is_tag

PLAIN_BRACES = [
    "a{color:red} @media (max-width: 600px){.b{margin:0}}",
    "{} {{}} {{ }} { } {% %} {{{}}} }}{{ {",
    "{not a tag} {x} {hello world} {1} {contact} {file.txt} {www.example.com} {user}",
    'var x = {"contact": {"first_name": 1}};',
    "{contact.first_name:hover} {contact.first name} {contact.}",
    "100 {% of } people, 5 %} and {%",
    "{{ unclosed contact.first_name }",
    "{\r\n}",
]

WORDS = st.sampled_from([
    "{", "}", "{{", "}}", "{%", "%}", " ", "contact.first_name", "signature", "if", "for x in", "endif", "raw", "|",
    "endraw", "default:", '"', "'", "&quot;", "&nbsp;", "<b>", "</b>", "contact", ".", "0", "comment", "\n", "é",
    "\x00", "lead.custom.A b", "[", "]", "(", "..", "unless", "-",
])  # fmt: skip


@pytest.mark.parametrize("text", PLAIN_BRACES)
@pytest.mark.parametrize("form", list(Form))
def test_braces_of_style_sheets_and_prose_are_text(text: str, form: Form) -> None:
    assert {piece.kind for piece in read(text, form)} == {Kind.TEXT}
    rendered = compile_template(TemplateText("", text)).render({"contact": {"first_name": "Zoe"}})
    assert rendered.body_html == text and rendered.missing == ()


@pytest.mark.parametrize(
    ("written", "expression"),
    [
        ("{{contact.first_name}}", "contact.first_name"),
        ("{{ Contact.First_Name }}", "contact.first_name"),
        ("{contact.first_name}", "contact.first_name"),
        ("{ contact . first_name }", "contact.first_name"),
        ("{{&nbsp;contact.first_name&nbsp;}}", "contact.first_name"),
        ("{{ contact.first_name | default: &quot;there&quot; }}", 'contact.first_name | default: "there"'),
        ("{{ contact.first_name | default: “there” }}", 'contact.first_name | default: "there"'),
        ('{contact.first_name | default: "there"}', 'contact.first_name | default: "there"'),
        ("{{ lead.custom.Lead Source | upper }}", 'lead.custom["Lead Source"] | upper'),
        ("{lead.custom.Lead Source}", 'lead.custom["Lead Source"]'),
        ('{{ lead.custom.5" disks }}', "lead.custom['5\" disks']"),
        ("{{ contact.emails.0.email }}", "contact.emails.0.email"),
        ("{signature}", "signature"),
        ("{{<b>user.name</b>}}", "user.name"),
    ],
)
def test_a_tag_is_read_however_an_editor_left_it(written: str, expression: str) -> None:
    (piece,) = read(written, Form.HTML)
    assert (piece.kind, piece.expression, piece.source) == (Kind.OUTPUT, expression, written)


def test_a_tag_inside_other_braces_is_found() -> None:
    kinds = [(piece.kind, piece.source) for piece in read("{a {contact.name} {{{user.name}}} b}", Form.HTML)]
    assert (Kind.OUTPUT, "{contact.name}") in kinds and (Kind.OUTPUT, "{{user.name}}") in kinds


def test_raw_text_is_not_read_and_comments_are_not_shown() -> None:
    text = "a{% raw %}{{ contact.name }} {user.name}{% endraw %}b{% comment %}{{ secret }}{% endcomment %}c"
    assert compile_template(TemplateText("", text)).render({}).body_html == "a{{ contact.name }} {user.name}bc"


def test_every_listed_variable_is_understood_in_both_syntaxes() -> None:
    for tag in TAGS:
        path = tag.path.replace("N", "1").replace("*", "Any name")
        for written in (f"{{{{ {path} }}}}", f"{{{path}}}"):
            compiled = compile_template(TemplateText("", written))
            assert compiled.unknown == (), written
            assert compiled.variables == (path,), written


def test_paths_are_known_by_their_shape() -> None:
    assert is_tag(("contact", "emails", 7, "email")) and is_tag(("contact", "emails", "first", "email"))
    assert not is_tag(("contact", "emails")) and is_branch(("contact", "emails"))
    assert is_branch(("contact", "emails", "size")) and is_branch(("lead", "custom"))
    for wrong in [
        (),
        ("contact", "__class__"),
        ("contact", "emails", 0),
        ("lead", "custom", "a", "b"),
        ("x",),
        ("size",),
    ]:
        assert not is_tag(wrong)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=25).map("".join), st.sampled_from(list(Form)))
def test_pieces_put_together_are_the_text(text: str, form: Form) -> None:
    if "raw" not in text and "comment" not in text:
        pieces = read(text, form)
        assert "".join(piece.source for piece in pieces) == text
        assert all(text.startswith(piece.source, piece.at) for piece in pieces)


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=30).map("".join))
def test_any_text_is_filled_in_or_refused_in_words(text: str) -> None:
    try:
        rendered = compile_template(TemplateText(text, text)).render({"contact": {"first_name": "<Zoe>"}})
    except Invalid as error:
        assert {"subject", "body"} >= set(error.field_errors) or error.errors
    else:
        assert "<Zoe>" not in rendered.body_html
        assert "\n" not in rendered.subject


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="{}", exclude_categories=("Cs",))))
def test_a_text_without_braces_is_never_changed(text: str) -> None:
    assert compile_template(TemplateText("", text)).render({}).body_html == text
