"""The text language: what each form means, where a mistake is, and that nothing written breaks the parser."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.mistakes import QueryMistake
from postroom.rooms.smart_views.query import LONGEST, parse
from postroom.rooms.smart_views.tree import (
    Ago,
    And,
    Bound,
    Equals,
    Everything,
    Exists,
    Field,
    Holds,
    InView,
    Matches,
    Mode,
    Node,
    Not,
    OneOf,
    Or,
    Order,
    Query,
    Related,
    Slice,
    SortKey,
    Within,
    Word,
    Words,
    depends_on_user,
)
from tests.views.query_text import as_text


def word(text: str) -> Words:
    return Words(Mode.PATTERN, text if "*" in text else f"{text}*")


def has(name: str, value: str) -> Holds:
    return Holds(Field(name), Matches(Mode.PATTERN if "*" in value else Mode.PHRASE, Word(value)))


def beyond(name: str, order: str, value: Word | Ago) -> Holds:
    return Holds(Field(name), Within((Bound(Order(order), value),)))


A, B, C = word("a"), word("b"), word("c")

MEANINGS: list[tuple[str, Node]] = [
    ("", Everything()),
    ("   \n ", Everything()),
    ("*", Everything()),
    ("acme", word("acme")),
    ('"acme gmbh"', Words(Mode.PHRASE, "acme gmbh")),
    ("“acme gmbh”", Words(Mode.PHRASE, "acme gmbh")),
    ("joh*", word("joh*")),
    ("http://acme.test/a?b", word("http://acme.test/a?b")),
    ("jo@acme.test", word("jo@acme.test")),
    ("a, b; c", And((A, B, C))),
    ("a b and c", And((A, B, C))),
    ("a or b c", Or((A, And((B, C))))),
    ("(a or b) c", And((Or((A, B)), C))),
    ("a OR not b AND c", Or((A, And((Not(B), C))))),
    ("not (a or b)", Not(Or((A, B)))),
    ("NOT(a)b", And((Not(A), B))),
    ("not not a", Not(Not(A))),
    ("android orange notable", And((word("android"), word("orange"), word("notable")))),
    ("name:John Wehr ", And((has("name", "John"), word("Wehr")))),
    ("NAME:x", has("name", "x")),
    ('name : "John Wehr"', has("name", "John Wehr")),
    (r'name:"say \"hi\" \\o/"', has("name", 'say "hi" \\o/')),
    ("name:ac*", has("name", "ac*")),
    ('name:"ac*"', Holds(Field("name"), Matches(Mode.PHRASE, Word("ac*")))),
    ("name:*", Holds(Field("name"), Exists())),
    ("url:http://x.test", has("url", "http://x.test")),
    ("name:and", has("name", "and")),
    ("calls = 0", Holds(Field("calls"), Equals(Word("0")))),
    ("calls!=0", Not(Holds(Field("calls"), Equals(Word("0"))))),
    ("calls>=3", beyond("calls", ">=", Word("3"))),
    ("created <= 30 days ago", beyond("created", "<=", Ago(30, "day"))),
    ("email_opened < 10 mins ago", beyond("email_opened", "<", Ago(10, "min"))),
    ("updated >= 2018-07-17", beyond("updated", ">=", Word("2018-07-17"))),
    ('date_updated>="2024-01-01T00:00"', beyond("date_updated", ">=", Word("2024-01-01T00:00"))),
    ('user in ("user_1",user_2 , "x")', Holds(Field("user"), OneOf((Word("user_1"), Word("user_2"), Word("x"))))),
    ("id in ()", Holds(Field("id"), OneOf(()))),
    ("id IN (a)", Holds(Field("id"), OneOf((Word("a"),)))),
    ('custom.Source:"x"', Holds(Field("Source", True), Matches(Mode.PHRASE, Word("x")))),
    ('"custom.Source CRM":*', Holds(Field("Source CRM", True), Exists())),
    ('custom."Source CRM" > 3', Holds(Field("Source CRM", True), Within((Bound(Order.GT, Word("3")),)))),
    ('"Industry":"X"', Holds(Field("Industry", is_quoted=True), Matches(Mode.PHRASE, Word("X")))),
    ('in:"My View"', InView("My View")),
    ("in:save_1", InView("save_1")),
    ("email(direction: outgoing)", Related("email", has("direction", "outgoing"))),
    ("Email ( * )", Related("email", Everything())),
    ("contact(sequence_subscription(sequence:*))",
     Related("contact", Related("sequence_subscription", Holds(Field("sequence"), Exists())))),
    ("acme (a or b)", And((word("acme"), Or((A, B))))),
    ("custom.x:v(a)", And((Holds(Field("x", True), Matches(Mode.PHRASE, Word("v"))), A))),
    ("東京 name:京都", And((word("東京"), has("name", "京都")))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meaning"), MEANINGS)
def test_each_form_means_what_clients_expect(text: str, meaning: Node) -> None:
    assert parse(text) == Query(meaning)


def test_directives_may_stand_anywhere_outside_of_nested_things() -> None:
    sort = (SortKey(Field("contacts"), True), SortKey(Field("created"), False))
    expected = Query(And((A, B)), sort=sort, limit=50, slice=Slice(2, 5))
    for text in ["a sort:-contacts,created b limit:50 slice:2/5", "(a slice:2/5 (b limit:50)) sort:-contacts,created",
                 'limit:50 sort:"-contacts, created" slice:2/5 a and b']:  # fmt: skip
        assert parse(text) == expected, text
    assert parse("sort:-custom.X").sort == (SortKey(Field("X", True), True),)
    assert parse("limit:5").where == Everything()
    assert parse("a or limit:5").where == A
    assert parse("sort:a sort:-b").sort == (SortKey(Field("a")), SortKey(Field("b"), True))


MISTAKES = [
    ("name:", 6, "A value is expected"),
    ("a name: ) ", 9, "no opening parenthesis"),
    ("a (b or (c)", 3, "never closed"),
    ('a "b', 3, "never closed"),
    ('"' + '\\"' * 49_000, 1, "never closed"),  # it takes minutes where each of the quotes is followed to the end
    ("a or", 5, "on both sides"),
    ("or a", 1, "on both sides"),
    ("a and and b", 7, "on both sides"),
    ("not", 4, "needs something after"),
    ("email()", 7, "nothing in these"),
    ("> 3", 1, "name is expected"),
    ("name = = 3", 8, "value is expected"),
    ("email(a sort:b)", 14, "outside of email"),
    ("limit:many", 7, "whole number"),
    ("limit:-1", 7, "whole number"),
    ("slice:3/2", 7, "slice:2/5"),
    ("slice:0/2", 7, "slice:2/5"),
    ("slice:2", 7, "slice:2/5"),
    ("sort:,", 6, "with commas"),
    ("sort:a,b,c,d,e,f", 6, "5 fields"),
    ("(" * 50 + "a" + ")" * 50, 41, "too deeply"),
    ("not " * 60 + "a", 1, "too deeply"),
    ("x" * (LONGEST + 1), LONGEST + 1, "too long"),
    ("a " * 6000, LONGEST + 1, "too long"),
    ("id in (" + "x " * 2001 + ")", 1, "at most"),
]


@pytest.mark.parametrize(("text", "column", "said"), MISTAKES)
def test_a_mistake_is_told_with_its_column(text: str, column: int, said: str) -> None:
    with pytest.raises(QueryMistake) as caught:
        parse(text)
    assert (caught.value.column, said in caught.value.errors[0]) == (column, True), caught.value.errors


PIECES = (
    "a", "name:", "name:x", '"', '"b c"', "(", ")", "not", "and", "OR", "*", "ac*", ">", "<=", "=", "!=", ":", "3",
    "days ago", "30 days ago", "created", "in", "in (a,b)", "email(", "email", "custom.", '"X Y"', "sort:",
    "limit:2", "slice:1/2", "\\", ",", " ", "\n", "é", "東京", "'", ";--", "%", "me", "http://", "🎉",
)  # fmt: skip


@example('" " > a')  # a name of blanks is none
@settings(max_examples=600, deadline=None, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=60)
       | st.lists(st.sampled_from(PIECES), max_size=12).map("".join))  # fmt: skip
@example('\\"')
@example("custom.:x")
@example('"":x')
@example("sort:- limit:")
@example("IN':0")
@example("not-a-word:x")
@example('*""')
@example("**")
def test_whatever_is_written_is_understood_or_a_mistake_and_printing_keeps_the_meaning(text: str) -> None:
    try:
        query = parse(text)
    except QueryMistake as mistake:
        assert 1 <= mistake.column <= len(text) + 1
        return
    printed = as_text(query)
    assert parse(printed) == query, printed


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(min_size=1).filter(lambda text: text.strip() and text.strip() == text))
def test_any_text_in_quotes_is_a_value(text: str) -> None:
    if set(text) & set("“”„«»"):
        return
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    assert parse(f"name:{quoted}") == Query(Holds(Field("name"), Matches(Mode.PHRASE, Word(text))))
    assert parse(quoted) == Query(Words(Mode.PHRASE, text))


def test_what_only_structured_searches_can_say_is_not_printed() -> None:
    with pytest.raises(Invalid):
        as_text(Query(Words(Mode.FULL_WORDS, "two words")))


def test_a_query_that_says_me_depends_on_the_user() -> None:
    for text, depends in [("user:me", True), ("email(user in (x, ME))", True), ("me", False), ('name:"me too"', False)]:
        assert depends_on_user(parse(text).where) is depends, text


def test_a_long_list_of_ids_is_read_quickly() -> None:
    ids = ", ".join(f'"lead_{number:040}"' for number in range(1500))
    where = parse(f"id in ({ids})").where
    assert isinstance(where, Holds) and isinstance(where.condition, OneOf) and len(where.condition.values) == 1500


@pytest.mark.parametrize(
    ("single", "double"),
    [
        ("name:'John Wehr'", 'name:"John Wehr"'),
        ("(status:'Bad Fit') created > '2024-01-01'", '(status:"Bad Fit") created > "2024-01-01"'),
        ("custom.Source:'fair' email:'jo@x.test'", 'custom.Source:"fair" email:"jo@x.test"'),
    ],
)
def test_a_value_may_stand_in_single_quotes_as_the_ruby_gem_writes_it(single: str, double: str) -> None:
    assert parse(single) == parse(double)


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        (r"email:\"jo@x.test\"", 'email:"jo@x.test"'),
        (
            r"name:\"Acme Inc\" phone:\"+14155550123\" sort:-created",
            'name:"Acme Inc" phone:"+14155550123" sort:-created',
        ),
        (r"custom.\"Lead Source\":\"fair\" or \"jo lee\"", 'custom."Lead Source":"fair" or "jo lee"'),
    ],
)
def test_quotes_that_are_all_escaped_are_quotes_as_zapier_writes_them(escaped: str, plain: str) -> None:
    assert parse(escaped) == parse(plain)


def test_an_escaped_quote_among_bare_ones_is_a_letter() -> None:
    assert '6" nails' in str(parse(r'name:"6\" nails"').where)
    with pytest.raises(QueryMistake, match="never closed") as mistake:
        parse(r"name:\"open")
    assert mistake.value.column == len('name:\\"')


@pytest.mark.parametrize("text", ["name:O'Brien", "O'Brien 'quoted'", "\"it is: 'so'\"", "name:'open"])
def test_other_single_quotes_are_what_they_are(text: str) -> None:
    assert "'" in str(parse(text).where)
