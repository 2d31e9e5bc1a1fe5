"""A search tree as SQL conditions. Every value is a parameter, every table is bounded by the organization, and no name
from a query ever becomes part of the SQL: names only choose among the texts of `search_things.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from postroom.rooms.smart_views.mistakes import QueryMistake, as_typed, nearest
from postroom.rooms.smart_views.tree import (
    And,
    Bound,
    Condition,
    Everything,
    Exists,
    Field,
    Holds,
    InView,
    Matches,
    Node,
    Not,
    Or,
    Order,
    Query,
    Related,
    SortKey,
    Truth,
    Within,
    Word,
    Words,
)
from postroom.views.search_belonging import Counted, Edge, count_sql, edge_sql
from postroom.views.search_custom import as_number, custom_sql, named
from postroom.views.search_fields import (
    Column,
    Count,
    CountOrNewest,
    EarliestOf,
    FieldShape,
    Kind,
    LatestOf,
    Newest,
    OfEdge,
    Oldest,
    Through,
    ThroughAny,
)
from postroom.views.search_full_text import KnownWords, Row, narrowed, unveiled, words_sql
from postroom.views.search_hints import meant_field, misspelt_custom
from postroom.views.search_local_time import zone_sql
from postroom.views.search_meaning import AmongTest, Asking, asks_when, meaning_of
from postroom.views.search_places import Place, SortItem, belonging, extreme, in_usual_order, shared_ids, sortable
from postroom.views.search_tests import Values, around, passing, spanning
from postroom.views.search_things import KEPT_ON_LEADS, THINGS

DEEPEST_VIEWS = 8
SIDES = {"before": Order.LT, "after": Order.GTE}


@dataclass(slots=True)
class Writer:
    """Writes the conditions of one statement, and gathers their values. `views` are the Smart Views that it may name,
    by lower-case name and by id; `known` is known of the words in it. `gathered`: what rows are sorted by is
    not looked up row by row but gathered for all at once, in these joins; None where few rows are to be sorted."""

    asking: Asking
    views: Mapping[str, Query] = field(default_factory=dict)
    known: KnownWords = field(default_factory=KnownWords)
    values: Values = field(default_factory=Values)
    gathered: list[str] | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _entered: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.values.named["here_zone"] = self.asking.here.zone_name

    def condition(self, node: Node, place: Place) -> str:
        """SQL that is true of the rows that the node means (else false or null). Raises QueryMistake."""
        if isinstance(node, Everything):
            return "true"
        if isinstance(node, And | Or):
            return self._several(node, place)
        if isinstance(node, Not):
            return self._negated(node.node, place)
        if isinstance(node, Words):
            return words_sql(node, self._row(place), self.values)
        if isinstance(node, Related):
            return self._related(node, place)
        if isinstance(node, InView):
            return self._in_view(node, place)
        return self._holds(node.field, node.condition, place)

    def _row(self, place: Place) -> Row:
        return Row(place.kind, place.alias, self.known, self.asking.directory.my_region)

    def shape_of(self, name: Field, place: Place) -> FieldShape | None:
        """What a field is; None for one of the organization's own. Raises QueryMistake for one that is not there."""
        fields = place.thing.fields
        shape = None if name.is_custom else fields.get(name.name.lower())
        # Older programs write `industry:x` of a field of their own as they write `name:x`.
        is_own = bool(place.thing.custom) and self.asking.directory.has_field(place.kind, name.name)
        if shape is None and not (name.is_custom or name.is_quoted or is_own):
            said = f"{_a(place.kind)} has no field {name.name!r}."
            raise QueryMistake(said, name.at, meant_field(name.name, place, self.asking.directory))
        if shape is None and (meant := misspelt_custom(name, place, self.asking.directory)):
            raise QueryMistake(f"There is no field {name.name!r}.", name.at, meant)
        if shape is None and not place.thing.custom:
            raise QueryMistake(f"{_a(place.kind)} has no custom fields.", name.at)
        return shape

    def another(self, kind: str, at: int) -> Place:
        """A row of another kind, under an alias of its own. Raises QueryMistake for a kind that is not there."""
        if kind not in THINGS:
            raise QueryMistake(f"There is nothing called {kind!r} to search.", at, nearest(kind, THINGS))
        return Place(kind, f"t{next(self._numbers)}", self.asking.has_kept_mail)

    def _several(self, node: And | Or, place: Place) -> str:
        if not node.nodes:
            return "true"
        word = " and " if isinstance(node, And) else " or "
        return f"({word.join(self.condition(one, place) for one in node.nodes)})"

    def _negated(self, node: Node, place: Place) -> str:
        """Rows of which the node is false or unknown: what has no value is not more than three either.

        Down to single conditions, since the planner looks into no `is not true`: it joins and uses indexes only for
        what stands in the open.
        """
        if isinstance(node, Everything):
            return "false"
        if isinstance(node, Not):
            return self.condition(node.node, place)
        if isinstance(node, And | Or):
            word = " or " if isinstance(node, And) else " and "
            return f"({word.join(self._negated(one, place) for one in node.nodes)})" if node.nodes else "false"
        sql = self.condition(node, place)
        plain = (isinstance(node, Related) and sql.startswith("exists (")) or self._always_compares(node, place)
        return f"not {sql}" if plain else f"({sql}) is not true"

    def _always_compares(self, node: Node, place: Place) -> bool:
        """Whether a condition compares a value that is never null."""
        if not isinstance(node, Holds) or node.field.is_custom or not isinstance(node.condition, Within):
            return False
        shape = place.thing.fields.get(node.field.name.lower())
        return isinstance(shape, Column) and shape.is_always and bool(node.condition.bounds)

    def _related(self, node: Related, place: Place) -> str:
        kind = "lead_status" if (place.kind, node.kind) == ("lead", "status") else node.kind
        other = self.another(kind, node.at)
        inside = self.condition(node.inside, other)
        kept = self._kept(node.inside, other) if isinstance(node.inside, Holds) and place.kind == "lead" else []
        if kept and not place.guards:
            return f"({' or '.join(f'{place.put(one)} is not null' for one in kept)})"
        return f"exists (select 1 from {belonging(place, other)} and {inside})"

    def _kept(self, node: Holds, place: Place) -> list[str]:
        """Where a lead itself says whether there is such a thing; nothing where it does not."""
        shape = place.thing.fields.get(node.field.name)
        if not isinstance(shape, Column) or shape.kind is not Kind.CHOICE or isinstance(node.condition, Exists):
            return []
        test = meaning_of(node.field, shape, node.condition, self.asking)
        values = test.values if isinstance(test, AmongTest) else ()
        kept = [KEPT_ON_LEADS.get((place.kind, shape.sql, value), "") for value in values]
        return kept if all(kept) else []

    def _in_view(self, node: InView, place: Place) -> str:
        key = node.view if node.view in self.views else node.view.lower()
        view = self.views.get(key)
        if view is None:
            meant = nearest(node.view, self.views)
            raise QueryMistake(f"There is no Smart View {node.view!r}.", node.at, as_typed(meant) if meant else "")
        if view.kind != place.kind:
            found, wanted = _several(view.kind), _several(place.kind)
            raise QueryMistake(f"The Smart View {node.view!r} finds {found}, not {wanted}.", node.at)
        if key in self._entered or len(self._entered) >= DEEPEST_VIEWS:
            raise QueryMistake(f"The Smart View {node.view!r} refers to itself.", node.at)
        self._entered = (*self._entered, key)
        try:
            return self._view_sql(view, place)
        finally:
            self._entered = self._entered[:-1]

    def _view_sql(self, view: Query, place: Place) -> str:
        if view.limit is None:
            return self.whole(view, place)
        inner = self.another(view.kind, 0)
        gathered, self.gathered = self.gathered, None  # what is gathered is joined to the outermost rows
        order = ", ".join([*map(str, self.sort_items(view, inner)), inner.put(inner.thing.id)])
        self.gathered = gathered
        where = self.whole(view, inner)
        return (
            f"{place.put(place.thing.id)} in (select {inner.put(inner.thing.id)} from {inner.rows}"
            f" and {where} order by {order} limit {self.values.add(view.limit)})"
        )

    def whole(self, query: Query, place: Place) -> str:
        """The conditions of a query, its slice with them."""
        where = self.condition(query.where, place)
        if query.slice is None:
            return where
        # md5 is the same on every server and in every version: parts read by several machines fit together.
        number = f"('x' || left(md5({place.put(place.thing.id)}), 8))::bit(32)::bigint"
        part, parts = self.values.add(query.slice.part - 1), self.values.add(query.slice.parts)
        # In a CASE, the planner takes it for every second row; else it takes a part of two or three for one of 200.
        return f"({where} and case when {number} %% {parts} = {part} then true else false end)"

    def sort_items(self, query: Query, place: Place) -> list[SortItem]:
        """What a query sorts by, the id that makes the order whole left out. Raises QueryMistake."""
        return [self._sort_item(key, place) for key in in_usual_order(query).sort]

    def _sort_item(self, key: SortKey, place: Place) -> SortItem:
        shape = None if key.field.is_custom else place.thing.fields.get(key.field.name.lower())
        is_always = (isinstance(shape, Column) and shape.is_always) or (isinstance(shape, Count) and bool(shape.stored))
        return SortItem(self._sort_value(key.field, place), key.descending, is_always)

    def _sort_value(self, name: Field, place: Place) -> str:
        shape = self.shape_of(name, place)
        if shape is None:
            field = self.asking.directory.fields_called(place.kind, name.name)[0]
            value = f"({place.put(place.thing.custom)} ->> {self.values.add(field.id)})"
            return as_number(value) if field.type == "number" else f"lower({value})"
        if isinstance(shape, Column):
            sql = sortable(shape, place)
            return f"case when {unveiled(place.alias)} then {sql} end" if shape.is_private and place.guards else sql
        shape = shape.newest if isinstance(shape, CountOrNewest) else shape
        if isinstance(shape, Count) and shape.stored:
            return place.value(shape)
        if isinstance(shape, Newest | Oldest) and shape.stored and not place.guards:
            return place.put(shape.stored)
        if isinstance(shape, LatestOf | EarliestOf):
            each = ", ".join(self._sort_value(Field(one, at=name.at), place) for one in shape.fields)
            return f"{'greatest' if isinstance(shape, LatestOf) else 'least'}({each})"
        if isinstance(shape, Count | Newest | Oldest):
            other = self.another(shape.thing, name.at)
            what = "count(*)" if isinstance(shape, Count) else extreme(shape, other)
            found = self._of_each(what, (place, other), other.put(shape.only))
            return f"coalesce({found}, 0)" if isinstance(shape, Count) else found
        if isinstance(shape, OfEdge):
            other = self.another(shape.thing, name.at)
            value = self._sort_value(Field(shape.field, at=name.at), other)
            return f"(select {value} from {_edge_of(shape, place, other)})"
        if isinstance(shape, ThroughAny):
            return f"coalesce({', '.join(self._of_other(one, place, name.at) for one in shape.fields)})"
        assert isinstance(shape, Through)
        return self._of_other(shape, place, name.at)

    def _of_other(self, shape: Through, place: Place, at: int) -> str:
        """The least of a field of what belongs to the row."""
        other = self.another(shape.thing, at)
        inner = self._sort_value(Field(shape.field, at=at), other)
        return self._of_each(f"min({inner})", (place, other), "true")

    def _of_each(self, what: str, places: tuple[Place, Place], only: str) -> str:
        """An aggregate of the rows that belong to each row: looked up for it, or gathered for all."""
        place, other = places
        if self.gathered is None:
            return f"(select {what} from {belonging(place, other)} and {only})"
        name = f"g{next(self._numbers)}"
        own, of_other = shared_ids(place, other)
        rows = f"select {of_other} as belongs_to, {what} as value from {other.rows} and {only} group by 1"
        self.gathered.append(f" left join ({rows}) {name} on {name}.belongs_to = {own}")
        return f"{name}.value"

    def looks_up_to_sort(self, query: Query, place: Place) -> bool:
        """Whether an item of the order is not a value of the row's own."""
        return "(select " in "".join(item.sql for item in self.sort_items(query, place))

    def _holds(self, name: Field, condition: Condition, place: Place) -> str:
        if name.name == "has" and not name.is_custom and isinstance(condition, Matches):
            return self._has(condition, place)
        if name.name in SIDES and not name.is_custom and isinstance(condition, Matches):
            name, condition = beside(name, condition.value, place)
        shape = self.shape_of(name, place)
        if shape is None:
            column, given = place.put(place.thing.custom), (self.values, self.asking.here)
            fields = self.asking.directory.fields_called(place.kind, name.name)
            found = [custom_sql(column, *named(name, field, condition, self.asking), given) for field in fields]
            return found[0] if len(found) == 1 else f"({' or '.join(found)})"
        if isinstance(shape, Column):
            return self._of_row(shape, (name, condition), place)
        if isinstance(shape, ThroughAny):
            return f"({' or '.join(self._through(one, (name, condition), place) for one in shape.fields)})"
        if isinstance(shape, Through):
            return self._through(shape, (name, condition), place)
        if isinstance(shape, OfEdge):
            other = self.another(shape.thing, name.at)
            inside = self._holds(Field(shape.field, at=name.at), condition, other)
            return f"exists (select 1 from {_edge_of(shape, place, other)} where {inside})"
        return self._belonging(shape, (name, condition), place)

    def _through(self, shape: Through, asked: tuple[Field, Condition], place: Place) -> str:
        """A condition on a field of what belongs to the row."""
        at = asked[0].at
        return self._related(Related(shape.thing, Holds(Field(shape.field, at=at), asked[1]), at), place)

    def _of_row(self, shape: Column, asked: tuple[Field, Condition], place: Place) -> str:
        """A condition on a value of the row's own."""
        if shape.kind is Kind.ZONE:
            return zone_sql(asked, place.value(shape), (self.values, self.asking.here))
        test = meaning_of(asked[0], shape, asked[1], self.asking)
        if shape.until:
            return spanning(test, (place.put(shape.sql), place.put(shape.until)), self.values)
        if shape.elsewhere:
            value, condition = shape.elsewhere
            return place.put(condition).replace("{test}", passing(test, shape.kind, value, self.values))
        sql = passing(test, shape.kind, place.value(shape), self.values)
        if shape.only:
            sql = f"({sql} and {place.put(shape.only)})"
        if shape.each:
            sql = f"exists (select 1 from {place.put(shape.each)} where {sql})"
        if shape.is_private:
            sql = f"({sql} and {unveiled(place.alias)})"
        if shape.around:
            return f"({around(test, place.put(shape.around), self.values)} and {sql})"
        if shape.in_full_text is not None:
            return narrowed(test, (place.alias, shape.in_full_text, sql), self.values)
        return sql

    def _has(self, condition: Matches, place: Place) -> str:
        """`has:calls`: the field of that name, or of its plural, has a value; a number is not zero."""
        word, fields = condition.value.text.lower().replace(" ", "_"), place.thing.fields
        for name in (f"has_{word}", f"has_{word}s"):
            if isinstance(shape := fields.get(name), Column) and shape.kind is Kind.YES_NO:
                return self._holds(Field(name, at=condition.value.at), Truth(True), place)
        for name in (word, f"{word}s", f"num_{word}", word.removesuffix("s")):
            if name in fields:
                return self._holds(Field(name, at=condition.value.at), Exists(), place)
        own = Field(condition.value.text.removeprefix("custom."), is_custom=True, at=condition.value.at)
        if place.thing.custom and self.asking.directory.has_field(place.kind, own.name):
            return self._holds(own, Exists(), place)
        raise QueryMistake(f"There is no {word!r} to have.", condition.value.at, nearest(word, fields))

    def _belonging(self, shape: FieldShape, asked: tuple[Field, Condition], place: Place) -> str:
        if isinstance(shape, CountOrNewest):
            shape = shape.newest if asks_when(asked[1], self.asking.here) else shape.count
        if isinstance(shape, Count):
            rows, _ = self._rows_of(shape, place, asked[0].at)
            stored = place.value(shape) if shape.stored else ""
            newest = "" if place.guards else place.put(shape.newest)
            return count_sql(asked, Counted(rows, stored, newest), self.values)
        several = shape.fields if isinstance(shape, LatestOf | EarliestOf) else ()
        named = [place.thing.fields[one] for one in several] or [shape]
        edges = [self._edge(one, place, asked[0].at) for one in named if isinstance(one, Newest | Oldest)]
        return edge_sql(asked, edges, (self.values, self.asking.here))

    def _edge(self, shape: Newest | Oldest, place: Place, at: int) -> Edge:
        rows, other = self._rows_of(shape, place, at)
        stored = "" if place.guards else place.put(shape.stored)
        return Edge(rows, other.put(shape.sql), isinstance(shape, Newest), stored)

    def _rows_of(self, shape: Count | Newest | Oldest, place: Place, at: int) -> tuple[str, Place]:
        other = self.another(shape.thing, at)
        return f"{belonging(place, other)} and {other.put(shape.only)}", other


def beside(name: Field, moment: Word, place: Place) -> tuple[Field, Condition]:
    """`before:` and `after:` a day, that day counted to what is after, of a thing that has a date."""
    if "date" not in place.thing.fields:
        return name, Exists()
    return Field("date", at=name.at), Within((Bound(SIDES[name.name], moment),))


def _edge_of(shape: OfEdge, place: Place, other: Place) -> str:
    """The first or last of what belongs to a row, as what follows FROM, under the alias of `other`."""
    order = f"{other.put(shape.sql)} {'desc' if shape.is_newest else 'asc'}, {other.put(other.thing.id)}"
    rows = f"select {other.alias}.* from {belonging(place, other)} and {other.put(shape.only)}"
    return f"({rows} order by {order} limit 1) {other.alias}"


def _several(kind: str) -> str:
    name = kind.replace("_", " ")
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def _a(kind: str) -> str:
    return f"{'An' if kind[0] in 'aeiou' else 'A'} {kind.replace('_', ' ')}"


def parameters(writer: Writer, organization_id: str) -> dict[str, Any]:
    """All values of the statement that a writer wrote."""
    return {"organization_id": organization_id, **writer.values.named}
