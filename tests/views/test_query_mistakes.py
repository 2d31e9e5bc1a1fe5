"""What salespeople type wrongly, and what they are told: each mistake with its place, and what was probably meant."""

from datetime import UTC, datetime

import pytest

from postroom.rooms.smart_views.mistakes import QueryMistake
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.query import parse
from postroom.views.search_meaning import Asking, Directory, NamedField, NamedUser
from postroom.views.search_sql import Writer

STATUSES = (("stat_1", "Potential"), ("stat_2", "Bad Fit"), ("stag_1", "Won"))
DIRECTORY = Directory(
    STATUSES,
    (("tmpl_1", "Welcome aboard"),),
    (NamedUser("user_1", "ann@acme.test", "Ann Admin"), NamedUser("user_2", "bob@acme.test", "Bob")),
    "user_1",
    (NamedField("cf_1", "lead", "Source CRM", "choices"), NamedField("cf_2", "activity", "Outcome", "text")),
)
VIEWS = {"my view": parse("name:x")}


def understood(text: str) -> None:
    """Raises QueryMistake."""
    query = parse(text)
    writer = Writer(Asking(Here(datetime(2026, 5, 5, tzinfo=UTC)), DIRECTORY), VIEWS)
    place = writer.another(query.kind, 0)
    writer.whole(query, place)
    writer.sort_items(query, place)


MISTAKES: list[tuple[str, int, str, str]] = [  # text, column, a piece of what is said, what is meant
    # names of fields
    ("nmae:acme", 1, "no field 'nmae'", "name"),
    ("a stauts:Potential", 3, "no field 'stauts'", "status"),
    ("owner:me", 1, "no field", "user"),
    ("firma:acme", 1, "no field", "name"),
    ("last_contacted > 30 days ago", 1, "no field", "last_communication"),
    ("contact.name:x", 1, "no field", "contact_name"),
    ("title:ceo", 1, "no field", "contact(title:…)"),
    ("value > 100", 1, "no field", "opportunity(value:…)"),
    ("email(statsu:sent)", 7, "An email has no field", "status"),
    ("task(done:yes)", 6, "A task has no field", "is_complete"),
    ("custom.Source CRM:fair", 15, "no field 'crm'", 'custom."Source CRM":…'),
    ("source_crm:fair", 1, "no field", 'custom."Source CRM"'),
    ('"Sourc CRM":x', 1, "There is no field", 'custom."Source CRM"'),
    ("custom_activity(custom.Outcme:x)", 17, "There is no field", "custom.Outcome"),
    ("emails(subject:x)", 1, "nothing called 'emails'", "email"),
    ("has:email_adress", 5, "to have", "email_address"),
    ("sort:creatd", 6, "no field 'creatd'", "created"),
    ('sort:"custom.Sourc CRM"', 6, "There is no field", 'custom."Source CRM"'),
    # names of statuses, people, templates, views
    ("status:Potetial", 8, "no status", "Potential"),
    ('status = "Bad Fitt"', 10, "no status", '"Bad Fit"'),
    ('status in (Potential, "Bat Fit")', 23, "no status", '"Bad Fit"'),
    ('user:"Ann Admni"', 6, "no user", '"Ann Admin"'),
    ('emailed_template:"Welcom aboard"', 18, "no template", '"Welcome aboard"'),
    ("email(direction:outgoin)", 17, "no such choice", "outgoing"),
    ('in:"My Veiw"', 4, "no Smart View", '"my view"'),
    # dates, ages and numbers
    ("created > 31/12/2025", 11, "The year stands first", "2025-12-31"),
    ("created > 12/31/2025", 11, "The year stands first", "2025-12-31"),
    ("created > 05/06/2025", 11, "cannot be told apart", ""),
    ('created > "31. Dezember 2025"', 11, "Write 2024-12-31", ""),
    ("created:gestern", 9, "is a date", "yesterday"),
    ("created > 2025-13-01", 11, "is a date", ""),
    ("created < 30 days", 11, "as in < 30 days ago", ""),
    ("created < 30d ago", 11, "as in < 30 days ago", ""),
    ("created:30 days ago", 9, "after < (newer) or > (older)", ""),
    ("created < last month", 11, "last-month", ""),
    ("created:2025-01-01..2025-02-01", 9, "two conditions", ""),
    ("contacts > many", 12, "is a number", ""),
    ("opportunity(value > 1.000,50)", 21, "is a number", "1000.50"),
    ("opportunity(value > 10k)", 21, "is a number", "10000"),
    ("name > acme", 1, "not more or less", ""),
    ("email(has_reply:maybe)", 17, "yes or no", ""),
    # quotes, parentheses, signs
    ('status:"Bad Fit', 8, "never closed", ""),
    ("(name:acme", 1, "never closed", ""),
    ("name:acme)", 10, "no opening", ""),
    ("email()", 7, "nothing in these parentheses", ""),
    ("contact:(name:x)", 8, "No colon stands before", ""),
    ("contacts => 2", 10, "no comparison", ">="),
    ("contacts == 2", 10, "no comparison", "="),
    ("contacts <> 2", 10, "no comparison", "!="),
    ("name::acme", 5, "no comparison", ":"),
    ("name:", 6, "A value is expected", ""),
    (":acme", 1, "A field's name is expected", ""),
    # and, or, not
    ("name:acme && url:*", 11, "joined by", "and"),
    ("name:acme || url:*", 11, "joined by", "or"),
    ("name:acme ODER url:*", 11, "joined by", "or"),
    ("NICHT name:acme", 1, "joined by", "not"),
    ("name:acme and", 14, "both sides", ""),
    ("not", 4, "needs something after it", ""),
    # directives
    ("limit:ten", 7, "a whole number", ""),
    ("slice:6/5", 7, "slice:2/5", ""),
    ("email(limit:3)", 13, "outside of email", ""),
]


@pytest.mark.parametrize(("text", "column", "said", "meant"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_what_was_meant(text: str, column: int, said: str, meant: str) -> None:
    with pytest.raises(QueryMistake) as caught:
        understood(text)
    assert (caught.value.column, caught.value.meant) == (column, meant), caught.value.errors
    assert said in caught.value.errors[0]


@pytest.mark.parametrize(
    "text",
    [
        "-name:acme", "name:acme -status:Potential", "!email(subject:x)", "https://acme.test/a?b=c",
        "created > 31.12.2025",
        "created:1.5.2026", "name:acme,", "user:ann", "user:Admin", "email(direction:in)", 'sort:custom."Source CRM"',
        'sort:-custom."Source CRM",name', "status:Lost", 'emailed_template:"Another one"', "user:nobody",
        "custom.cf_9:x",
        "status:'Bad Fit'", "Procter & Gamble", "50% off!", "a-b -c", "oder", '"UND"', "UND-Verlag",
    ],
)  # fmt: skip
def test_what_can_be_meant_is_no_mistake(text: str) -> None:
    understood(text)
