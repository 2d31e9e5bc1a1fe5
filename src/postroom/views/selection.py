"""What part of a list is wanted, and how columns are printed as Close spells them.

The views' shapes are msgspec structs whose fields may hold JSON text straight from the database (`msgspec.Raw`): it is
passed on as it is, since reading and writing it again costs more than the query.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

import msgspec
from psycopg import AsyncCursor
from psycopg.adapt import Buffer, Loader
from psycopg.rows import args_row

from postroom.ground.database import Transaction

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` rows after the first `skip`."""

    limit: int = 100
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; None is open."""

    gt: datetime | None = None
    gte: datetime | None = None
    lt: datetime | None = None
    lte: datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """By when things happened, or were noted (as asked with `_order_by`); the newest first, or the oldest."""

    by_activity: bool = False
    oldest_first: bool = False

    @property
    def direction(self) -> str:
        """For SQL."""
        return "asc" if self.oldest_first else "desc"

    def of(self, noted: str, happened: str) -> str:
        """SQL for the order, by one of these two columns."""
        return f"{happened if self.by_activity else noted} {self.direction}"


@dataclass(slots=True)
class Where:
    """Conditions and their values, gathered one by one. The organization is always the first."""

    conditions: list[str]
    values: dict[str, Any]
    prefix: str = "v"
    """Of the values' names: two filters in one statement need two."""

    @classmethod
    def of(cls, organization_column: str, organization_id: str, prefix: str = "v") -> "Where":
        """Everything of one organization."""
        return cls([f"{organization_column} = %(organization_id)s"], {"organization_id": organization_id}, prefix)

    def equal(self, column: str, value: object | None) -> None:
        """The column has this value; None leaves it open."""
        if value is not None:
            self._add(f"{column} = {{}}", value)

    def among(self, column: str, values: tuple[str, ...] | None) -> None:
        """The column is one of these; None leaves it open."""
        if values is not None:
            self._add(f"{column} = any({{}})", list(values))

    def within(self, column: str, span: Span) -> None:
        """The column lies in the stretch of time."""
        for operator, value in ((">", span.gt), (">=", span.gte), ("<", span.lt), ("<=", span.lte)):
            if value is not None:
                self._add(f"{column} {operator} {{}}", value)

    def holds(self, condition: str, value: object) -> None:
        """Any other condition with one value, which stands as `{}` in it."""
        self._add(condition, value)

    def __str__(self) -> str:
        return " and ".join(self.conditions)

    def _add(self, condition: str, value: object) -> None:
        name = f"{self.prefix}{len(self.values)}"
        self.conditions.append(condition.replace("{}", f"%({name})s"))
        self.values[name] = value


def as_date(column: str) -> str:
    """SQL for a moment as Close prints it: `2013-02-08T05:02:42.050000+00:00`, null as null."""
    return f"""to_char({column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""


def as_naive_date(column: str) -> str:
    """The same in Close's newer form, UTC without saying so: `2024-01-01T00:00:00.000000`."""
    return f"""to_char({column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""


def as_name(user: str) -> str:
    """SQL for the whole name of a user (an alias of `users`), null where there is none."""
    return f"nullif(trim({user}.first_name || ' ' || {user}.last_name), '')"


def rows_of(tx: Transaction, shape: type[S]) -> AsyncCursor[S]:
    """A cursor whose rows are `shape` made from the columns in their order; JSON columns stay JSON text."""
    cursor = tx.cursor(row_factory=args_row(shape))
    cursor.adapters.register_loader("json", _AsText)
    cursor.adapters.register_loader("jsonb", _AsText)
    return cursor


def flat_custom(alias: str) -> str:
    """SQL for the custom values of a row as keys of its own, `custom.cf_…`; null where it has none."""
    return (
        f"(select jsonb_object_agg('custom.' || v.key, v.value) from jsonb_each({alias}.custom) v"
        f" join custom_fields f on f.organization_id = {alias}.organization_id and f.id = v.key"
        f" where {alias}.custom <> '{{}}')"
    )


def named_custom(alias: str) -> str:
    """SQL for the custom values of a row by the names of their fields: what Close's older clients read."""
    return (
        f"case when {alias}.custom = '{{}}' then '{{}}'::jsonb else (select coalesce(jsonb_object_agg(f.name, v.value),"
        f" '{{}}') from jsonb_each({alias}.custom) v join custom_fields f"
        f" on f.organization_id = {alias}.organization_id and f.id = v.key) end"
    )


def cards_of(tx: Transaction, shape: type[S]) -> AsyncCursor[tuple[str, S]]:
    """A cursor like that of `rows_of`, of pairs: the card's id (a first column of its own) and the card.

    A last column of its own holds the row's `flat_custom`. Where there is such, the card is a plain mapping with these
    keys beside the declared ones; it keeps its declared type for whoever reads the code.
    """

    def pair(card_id: str, *columns: Any) -> tuple[str, S]:
        card = shape(*columns[:-1])
        if columns[-1] is None:
            return card_id, card
        fields = msgspec.structs.fields(cast(type[msgspec.Struct], shape))
        known = {field.encode_name: getattr(card, field.name) for field in fields}
        return card_id, cast(S, known | msgspec.json.decode(columns[-1], type=dict[str, msgspec.Raw]))

    cursor = tx.cursor(row_factory=args_row(pair))
    cursor.adapters.register_loader("json", _AsText)
    cursor.adapters.register_loader("jsonb", _AsText)
    return cursor


def cut(rows: list[S], page: Page) -> tuple[list[S], bool]:
    """A page out of one row more than it holds, and whether there is more."""
    return rows[: page.limit], len(rows) > page.limit


class _AsText(Loader):
    """JSON as the bytes that it is."""

    def load(self, data: Buffer) -> msgspec.Raw:
        return msgspec.Raw(bytes(data))
