"""The shapes of what can be searched: kinds of values, fields, and things with their table. What there is of each
stands in `search_things.py`.

In every SQL text `{a}` is the alias of the thing's own table; there is nothing else to be put in, and no value ever but
`%(organization_id)s` and `%(here_zone)s`, the time zone of whoever asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


class Kind(Enum):
    """What kind of value a field holds, and so what can be asked of it."""

    TEXT = "a text"
    NUMBER = "a number"
    MOMENT = "a date"
    ID = "an id"
    CHOICE = "one of some words"
    USER = "a user"
    STATUS = "a status"
    TEMPLATE = "an email template"
    YES_NO = "yes or no"
    ZONE = "a time of day"
    """The time zone of a place (`rooms/leads/time_zones.py`); what is asked is mostly how late it is there."""


@dataclass(frozen=True, slots=True)
class Column:
    """A value of the thing's own row. `is_always`: it is never null, which an index has to know to give the order.

    A CHOICE is kept in lower case; `words` are other spellings, as `sent` for outgoing. `in_full_text`: it has no index
    of its own, its words stand in that of emails under this name, "" for all. `is_private`: what an email says, which
    may be for those alone whose mailboxes hold it. `around`: a text with an index that holds this one. `until`: the
    value is not a moment but what lies between `sql` and this, which is null where it lasts; a date meets it anywhere.
    """

    kind: Kind
    sql: str
    words: Mapping[str, str] = field(default_factory=dict)
    is_always: bool = False
    in_full_text: str | None = None
    is_private: bool = False
    around: str = ""
    until: str = ""
    each: str = ""
    """A list on the row, as it follows FROM: `sql` is of one of its items, and one of them has to pass."""
    only: str = ""
    """A condition without which there is no value; beside the column, whose index can answer then."""
    choices: tuple[str, ...] = ()
    """Of a CHOICE, what is kept in it, as far as that is known: for whom misspells it."""
    of_people: bool = False
    """The people of an email: `me` is whoever asks, under any of their addresses."""
    elsewhere: tuple[str, str] | None = None
    """Of a value that stands in another row: what it is there, and the condition on this row that the other one is
    among those which pass, `{test}` being their test. Of that the planner knows how many pass; of a value that is
    looked up row by row it knows nothing."""
    is_phone: bool = False
    """A telephone number, which is compared however it is typed."""
    known: str = ""
    """The same value with nothing in it of mail that is kept from the reader; "" where no mail is in it."""


@dataclass(frozen=True, slots=True)
class Through:
    """A field of things that belong to this one: it holds when it holds for one of them."""

    thing: str
    field: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many things belong to this one; `only` is a condition on them. `stored`: where the number is kept, `known`
    the same without mail that is kept from the reader. `newest`: where the moment of the newest is, null if there is
    none; where some mail is kept from somebody, that is not asked."""

    thing: str
    only: str = "true"
    stored: str = ""
    known: str = ""
    newest: str = ""


@dataclass(frozen=True, slots=True)
class Newest:
    """The latest of the moments `sql` of the things that belong to this one. `stored`: where it is kept."""

    thing: str
    sql: str
    only: str = "true"
    stored: str = ""


@dataclass(frozen=True, slots=True)
class Oldest:
    """The earliest of them."""

    thing: str
    sql: str
    only: str = "true"
    stored: str = ""


@dataclass(frozen=True, slots=True)
class LatestOf:
    """The latest moment of several fields of this thing."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EarliestOf:
    """The earliest of them."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountOrNewest:
    """Both of one kind: `called > 0` asks how often, `called < 30 days ago` when last."""

    count: Count
    newest: Newest


@dataclass(frozen=True, slots=True)
class OfEdge:
    """The field of one thing that belongs to this one: the newest, or the oldest by the moment `sql`."""

    thing: str
    field: str
    sql: str
    is_newest: bool
    only: str = "true"


@dataclass(frozen=True, slots=True)
class ThroughAny:
    """A field of things of several kinds that belong to this one: it holds when it holds for one of any kind."""

    fields: tuple[Through, ...]


FieldShape: TypeAlias = (
    Column | Through | ThroughAny | Count | Newest | Oldest | LatestOf | EarliestOf | CountOrNewest | OfEdge
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing that can be searched.

    `table` is what follows FROM, `lead`, `contact` and `opportunity` are the ids by which it belongs to others, `id`
    its own, `texts` the texts in which words are looked for. Its table has a column organization_id.
    """

    table: str
    fields: Mapping[str, FieldShape]
    lead: str
    contact: str = ""
    opportunity: str = ""
    id: str = "{a}.id"
    texts: tuple[str, ...] = ()
    custom: str = ""
    """The jsonb column of fields that the organization has made itself."""
    seen: str = ""
    """A condition that is true of rows which the reader may know of; "" where all may know of all."""
