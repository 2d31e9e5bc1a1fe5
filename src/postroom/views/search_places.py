"""A row in the SQL of a search: what it is, what belongs to it, and what rows of its kind are sorted by."""

from dataclasses import dataclass, replace

from postroom.rooms.smart_views.tree import Field, Query, SortKey
from postroom.views.search_fields import Column, Count, Kind, Newest, Oldest, Thing
from postroom.views.search_things import THINGS

_USUAL_ORDER = {
    "lead": "last_activity",
    **dict.fromkeys(("task", "email", "email_thread", "activity", "note", "call", "custom_activity"), "date"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Which row a condition is about: the kind of thing, its alias in the SQL. `guards`: some mail is not for all."""

    kind: str
    alias: str
    guards: bool = False

    @property
    def thing(self) -> Thing:
        """What such rows are."""
        return THINGS[self.kind]

    def put(self, sql: str) -> str:
        """An SQL text of `search_things.py` about this row."""
        return sql.replace("{a}", self.alias)

    @property
    def and_seen(self) -> str:
        """`and …`: the reader may know of the row."""
        return f" and {self.put(self.thing.seen)}" if self.guards and self.thing.seen else ""

    @property
    def rows(self) -> str:
        """Its table, bounded by the organization and by what the reader may know of; ready for `and …`."""
        return self.rows_with("")

    def rows_with(self, joins: str) -> str:
        """The same with other tables joined to it."""
        bounded = f"{self.alias}.organization_id = %(organization_id)s"
        return f"{self.put(self.thing.table)}{joins} where {bounded}{self.and_seen}"

    def value(self, shape: "Column | Count") -> str:
        """What the row holds, without what is kept from the reader."""
        held = shape.stored if isinstance(shape, Count) else shape.sql
        return self.put(shape.known if self.guards and shape.known else held)


@dataclass(frozen=True, slots=True)
class SortItem:
    """An item of ORDER BY. `is_always`: never null."""

    sql: str
    descending: bool
    is_always: bool

    def __str__(self) -> str:
        """What has no value stands at the end; an index knows that order only where it is not said in vain."""
        return f"{self.sql} {'desc' if self.descending else 'asc'}{'' if self.is_always else ' nulls last'}"


def in_usual_order(query: Query) -> Query:
    """The query in the order that its kind usually has, where it names none: what happened last comes first."""
    usual = _USUAL_ORDER.get(query.kind, "date_updated")
    if query.sort or usual not in THINGS[query.kind].fields:
        return query
    return replace(query, sort=(SortKey(Field(usual), descending=True),))


def belonging(place: Place, other: Place) -> str:
    """The rows of `other` that belong to the row at `place`, ready for `and …`."""
    own, of_other = shared_ids(place, other)
    return f"{other.rows} and {of_other} = {own}"


def shared_ids(place: Place, other: Place) -> tuple[str, str]:
    """The ids by which rows belong together: that of `place`, and that of `other`.

    Things of a lead belong to it, those of a contact or opportunity to that; two things of one lead belong together,
    an email and a conversation where it is one of its.
    """
    if (place.kind, other.kind) in _OF_THREADS:
        ids = {"email": "{a}.thread_id", "email_thread": "{a}.id"}
        return place.put(ids[place.kind]), other.put(ids[other.kind])
    if "opportunity" in (place.kind, other.kind) and place.thing.opportunity and other.thing.opportunity:
        return place.put(place.thing.opportunity), other.put(other.thing.opportunity)
    is_contact = "contact" in (place.kind, other.kind) and place.thing.contact and other.thing.contact
    of_contact = place.kind == "contact" or (other.kind == "contact" and place.kind != "lead")
    if is_contact and of_contact:
        return place.put(place.thing.contact), other.put(other.thing.contact)
    return place.put(place.thing.lead), other.put(other.thing.lead)


_STATUS_PLACE = "(select s.position from lead_statuses s where s.organization_id = %(organization_id)s and s.id = {})"
_STAGE_PLACE = (
    "(select p.position * 1000 + s.position from opportunity_statuses s join pipelines p"
    " on p.organization_id = s.organization_id and p.id = s.pipeline_id"
    " where s.organization_id = %(organization_id)s and s.id = {})"
)
"""Where a status stands among all of its kind: those of opportunities pipeline by pipeline."""
_OF_THREADS = (("email", "email_thread"), ("email_thread", "email"))


def sortable(column: Column, place: Place) -> str:
    """What a row is sorted by; of a list the least."""
    sql = place.value(column)
    if column.only:
        sql = f"case when {place.put(column.only)} then {sql} end"
    if column.kind is Kind.STATUS:
        return _STAGE_PLACE.format(sql) if place.thing.opportunity else _STATUS_PLACE.format(sql)
    sql = f"lower({sql})" if column.kind is Kind.TEXT else sql
    return f"(select min({sql}) from {place.put(column.each)})" if column.each else sql


def extreme(shape: Newest | Oldest, other: Place) -> str:
    """The newest or oldest of some rows."""
    return f"{'max' if isinstance(shape, Newest) else 'min'}({other.put(shape.sql)})"
