"""Notes, calls, changes of status and the other activities but emails, as Close prints them: each kind in its shape."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.opportunity_list import money
from postroom.views.selection import Order, Page, Span, Where, as_date, as_name, cards_of, flat_custom


class RecordCard(msgspec.Struct, frozen=True):
    """What every activity says of itself."""

    type: str = msgspec.field(name="_type")
    id: str
    organization_id: str
    lead_id: str
    contact_id: str | None
    user_id: str | None
    user_name: str | None
    users: list[str]
    created_by: str | None
    created_by_name: str | None
    updated_by: str | None
    updated_by_name: str | None
    date_created: str
    date_updated: str
    activity_at: str


class NoteCard(RecordCard, frozen=True):
    """A note, in the shape of `/activity/note/`."""

    title: str
    note: str
    note_html: str
    note_mentions: list[str]
    pinned: bool
    pinned_at: str | None
    attachments: list[dict[str, Any]]
    source: str | None


class CallCard(RecordCard, frozen=True):
    """A call that was logged, in the shape of `/activity/call/`. `duration` is in seconds; from `cost` on nothing here
    has a value, since calls are made elsewhere."""

    direction: str
    status: str
    disposition: str | None
    duration: int
    phone: str | None
    remote_phone: str | None
    remote_phone_formatted: str | None
    local_phone: str | None
    local_phone_formatted: str | None
    note: str
    note_html: str
    recording_url: str | None
    voicemail_url: str | None
    voicemail_duration: int | None
    has_recording: bool
    source: str
    call_method: str
    cost: str
    local_country_iso: str | None
    remote_country_iso: str | None
    outcome_id: str | None
    dialer_id: str | None
    dialer_saved_search_id: str | None
    sequence_id: str | None
    sequence_name: str | None
    sequence_subscription_id: str | None


class LeadStatusChangeCard(RecordCard, frozen=True):
    """That a lead has another status, in the shape of `/activity/status_change/lead/`."""

    old_status_id: str | None
    old_status_label: str | None
    new_status_id: str | None
    new_status_label: str | None


class OpportunityStatusChangeCard(RecordCard, frozen=True):
    """That an opportunity has another status, and what it was worth then."""

    opportunity_id: str | None
    old_status_id: str | None
    old_status_label: str | None
    old_status_type: str | None
    old_pipeline_id: str | None
    old_pipeline_name: str | None
    new_status_id: str | None
    new_status_label: str | None
    new_status_type: str | None
    new_pipeline_id: str | None
    new_pipeline_name: str | None
    opportunity_value: int | None
    opportunity_value_formatted: str | None
    opportunity_value_currency: str
    opportunity_value_period: str | None
    opportunity_confidence: int | None
    opportunity_date_won: str | None


class TaskCompletedCard(RecordCard, frozen=True):
    """That a task of the lead was done, in the shape of `/activity/task_completed/`."""

    task_id: str | None
    task_text: str | None
    task_assigned_to: str | None
    task_assigned_to_name: str | None


class LeadMergeCard(RecordCard, frozen=True):
    """That another lead was merged into this one, in the shape of `/activity/lead_merge/`."""

    source_lead_id: str | None
    source_lead_name: str | None
    destination_lead_id: str


class CustomActivityCard(RecordCard, frozen=True):
    """An activity of a kind of one's own, in the shape of `/activity/custom/`; its values are keys `custom.cf_…`."""

    custom_activity_type_id: str
    status: str
    last_published_at: str | None
    mentions: list[str]
    mentions_updated_at: str | None
    pinned: bool
    pinned_at: str | None
    source: str | None


class CreatedCard(RecordCard, frozen=True):
    """That the lead was made, in the shape of `/activity/created/`."""

    source: str | None
    import_id: str | None


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which activities are wanted; None and open spans narrow nothing. `kinds` are those of the activities room."""

    kinds: tuple[str, ...] | None = None
    type_ids: tuple[str, ...] | None = None
    """Custom activities of these types are wanted beside those of `kinds`."""
    ids: tuple[str, ...] | None = None
    lead_ids: tuple[str, ...] | None = None
    contact_ids: tuple[str, ...] | None = None
    user_ids: tuple[str, ...] | None = None
    date_created: Span = field(default_factory=Span)
    activity_at: Span = field(default_factory=Span)
    order: Order = field(default_factory=Order)


async def record_page(
    tx: Transaction, organization_id: str, wanted: tuple[str, RecordFilter], page: Page
) -> tuple[list[RecordCard], bool]:
    """Activities of one kind (`wanted` is the kind, the filter), newest first, and whether there are more."""
    kind, only = wanted
    where = record_conditions(organization_id, only)
    where.equal("a.kind", kind)
    cursor = cards_of(tx, SHAPES[kind])
    await cursor.execute(
        f"select a.id, {_columns_for(SHAPES[kind])}, {flat_custom('a')} from activities a {_JOINS} where {where}"
        f" order by {only.order.of('a.date_created', 'a.activity_at')}, a.id limit %(limit)s offset %(skip)s",
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    rows = await cursor.fetchall()
    return [card for _, card in rows[: page.limit]], len(rows) > page.limit


async def record_card(tx: Transaction, organization_id: str, kind: str, record_id: str) -> RecordCard:
    """One activity of this kind. Raises NotFound."""
    found = await records_by_id(tx, organization_id, kind, [record_id])
    if record_id not in found:
        raise NotFound(f"There is no such {kind.replace('_', ' ')}.")
    return found[record_id]


async def records_by_id(
    tx: Transaction, organization_id: str, kind: str, record_ids: Sequence[str]
) -> dict[str, RecordCard]:
    """The activities of this kind among these ids."""
    cursor = cards_of(tx, SHAPES[kind])
    await cursor.execute(
        f"select a.id, {_columns_for(SHAPES[kind])}, {flat_custom('a')} from activities a {_JOINS}"
        " where a.organization_id = %s and a.kind = %s and a.id = any(%s)",
        (organization_id, kind, list(record_ids)),
    )
    return dict(await cursor.fetchall())


async def created_page(
    tx: Transaction, organization_id: str, wanted: RecordFilter, page: Page
) -> tuple[list[CreatedCard], bool]:
    """That leads were made, newest first. It is told from the leads: nothing is stored twice."""
    where = created_conditions(organization_id, wanted)
    cursor = cards_of(tx, CreatedCard)
    await cursor.execute(
        f"select {CREATED_ID}, {_CREATED_COLUMNS}, null from leads l"
        " left join users cu on cu.organization_id = l.organization_id and cu.id = l.created_by"
        f" where {where} order by l.date_created {wanted.order.direction}, l.id limit %(limit)s offset %(skip)s",
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    rows = await cursor.fetchall()
    return [card for _, card in rows[: page.limit]], len(rows) > page.limit


def record_conditions(organization_id: str, wanted: RecordFilter) -> Where:
    """The filter over `activities a`."""
    where = Where.of("a.organization_id", organization_id, "a")
    if wanted.type_ids:
        kinds = list(wanted.kinds or ())
        where.conditions.append("(a.kind = any(%(a_kinds)s) or a.type_id = any(%(a_types)s))")
        where.values |= {"a_kinds": kinds, "a_types": list(wanted.type_ids)}
    else:
        where.among("a.kind", wanted.kinds)
    where.among("a.id", wanted.ids)
    where.among("a.lead_id", wanted.lead_ids)
    where.among("a.contact_id", wanted.contact_ids)
    where.among("a.user_id", wanted.user_ids)
    where.within("a.date_created", wanted.date_created)
    where.within("a.activity_at", wanted.activity_at)
    return where


def created_conditions(organization_id: str, wanted: RecordFilter) -> Where:
    """The same filter over `leads l`, for that they were made. It happened with no contact."""
    where = Where.of("l.organization_id", organization_id, "l")
    if wanted.contact_ids is not None:
        where.conditions.append("false")
    where.among(CREATED_ID, wanted.ids)
    where.among("l.id", wanted.lead_ids)
    where.among("l.created_by", wanted.user_ids)
    where.within("l.date_created", wanted.date_created)
    where.within("l.date_created", wanted.activity_at)
    return where


def _detail(name: str) -> str:
    return f"a.details ->> '{name}'"


CREATED_ID = "('acti_' || substr(l.id, 6))"
"""The id of the activity that a lead was made: that of the lead, under another prefix."""
SHAPES: dict[str, type[RecordCard]] = {
    "note": NoteCard,
    "call": CallCard,
    "custom": CustomActivityCard,
    "lead_status_change": LeadStatusChangeCard,
    "opportunity_status_change": OpportunityStatusChangeCard,
    "task_completed": TaskCompletedCard,
    "lead_merge": LeadMergeCard,
}
WORDS = {
    "Note": "note", "Call": "call", "Custom": "custom", "LeadStatusChange": "lead_status_change",
    "OpportunityStatusChange": "opportunity_status_change", "TaskCompleted": "task_completed",
    "LeadMerge": "lead_merge",
}  # fmt: skip
"""Close's words for the kinds, `_type` of an activity."""
_NAMES = {kind: "CustomActivity" if kind == "custom" else word for word, kind in WORDS.items()}
"""What `_type` of an answer says; Close filters by `Custom` what it prints as `CustomActivity`."""
_JOINS = (
    " join organizations g on g.id = a.organization_id"
    " left join users ou on ou.organization_id = a.organization_id and ou.id = a.user_id"
    " left join users cu on cu.organization_id = a.organization_id and cu.id = a.created_by"
    " left join users uu on uu.organization_id = a.organization_id and uu.id = a.updated_by"
)
_VALUE = "(a.details ->> 'value')::bigint"
_PERIOD = "a.details ->> 'value_period'"
_FIELDS = {
    "_type": f"case a.kind {' '.join(f'when {kind!r} then {name!r}' for kind, name in _NAMES.items())} end",
    "id": "a.id",
    "organization_id": "a.organization_id",
    "lead_id": "a.lead_id",
    "contact_id": "a.contact_id",
    "user_id": "a.user_id",
    "user_name": as_name("ou"),
    "users": "'[]'::json",
    "created_by": "a.created_by",
    "created_by_name": as_name("cu"),
    "updated_by": "a.updated_by",
    "updated_by_name": as_name("uu"),
    "date_created": as_date("a.date_created"),
    "date_updated": as_date("a.date_updated"),
    "activity_at": as_date("a.activity_at"),
    "title": "a.title",
    "note": "a.text",
    "note_html": "a.html",
    "note_mentions": "'[]'::json",
    "mentions": "'[]'::json",
    "mentions_updated_at": "null",
    "pinned": "a.is_pinned",
    "pinned_at": f"case when a.is_pinned then {_detail('pinned_at')} end",
    "last_published_at": _detail("last_published_at"),
    "attachments": "coalesce(a.details -> 'attachments', '[]')",
    "direction": "a.direction",
    "status": "a.status",
    "disposition": f"coalesce({_detail('disposition')}, case a.status when 'completed' then 'answered' end)",
    "duration": "a.duration",
    "phone": "nullif(a.phone, '')",
    "remote_phone": "nullif(a.phone, '')",
    "remote_phone_formatted": f"coalesce({_detail('phone_formatted')}, nullif(a.phone, ''))",
    "local_phone": _detail("local_phone"),
    "local_phone_formatted": _detail("local_phone"),
    "recording_url": _detail("recording_url"),
    "voicemail_url": _detail("voicemail_url"),
    "voicemail_duration": f"({_detail('voicemail_duration')})::int",
    "has_recording": f"{_detail('recording_url')} is not null",
    "source": f"case a.kind when 'call' then coalesce({_detail('source')}, 'External') end",
    "call_method": "'external'",
    "cost": "'0'",
    "local_country_iso": "null",
    "remote_country_iso": "null",
    "outcome_id": "null",
    "dialer_id": "null",
    "dialer_saved_search_id": "null",
    "sequence_id": "null",
    "sequence_name": "null",
    "sequence_subscription_id": "null",
    "old_status_id": "a.old_status_id",
    "new_status_id": "a.new_status_id",
    **{
        f"{which}_{name}": _detail(f"{which}_{name}")
        for which in ("old", "new")
        for name in ("status_label", "status_type", "pipeline_id", "pipeline_name")
    },
    "opportunity_id": "a.object_id",
    "opportunity_value": _VALUE,
    "opportunity_value_formatted": (
        f"{money(_VALUE, 'g.currency')} || (case {_PERIOD} when 'one_time' then '' else ' ' || ({_PERIOD}) end)"
    ),
    "opportunity_value_currency": "g.currency",
    "opportunity_value_period": _PERIOD,
    "opportunity_confidence": f"({_detail('confidence')})::int",
    "opportunity_date_won": _detail("date_won"),
    "task_id": "a.object_id",
    "task_text": "a.text",
    "task_assigned_to": _detail("assigned_to"),
    "task_assigned_to_name": (
        f"(select {as_name('tu')} from users tu where tu.organization_id = a.organization_id"
        f" and tu.id = {_detail('assigned_to')})"
    ),
    "source_lead_id": _detail("source_lead_id"),
    "source_lead_name": _detail("source_lead_name"),
    "destination_lead_id": "a.lead_id",
    "custom_activity_type_id": "a.type_id",
}


def _columns_for(shape: type[RecordCard]) -> str:
    """The SQL of each field of a shape, in the order of the shape."""
    return ", ".join(_FIELDS[name.encode_name] for name in msgspec.structs.fields(shape))


_CREATED_FIELDS = {
    "_type": "'Created'",
    "id": CREATED_ID,
    "organization_id": "l.organization_id",
    "lead_id": "l.id",
    "contact_id": "null",
    "user_id": "l.created_by",
    "user_name": as_name("cu"),
    "users": "'[]'::json",
    "created_by": "l.created_by",
    "created_by_name": as_name("cu"),
    "updated_by": "l.created_by",
    "updated_by_name": as_name("cu"),
    "date_created": as_date("l.date_created"),
    "date_updated": as_date("l.date_created"),
    "activity_at": as_date("l.date_created"),
    "source": "null",
    "import_id": "null",
}
_CREATED_COLUMNS = ", ".join(_CREATED_FIELDS[name.encode_name] for name in msgspec.structs.fields(CreatedCard))
