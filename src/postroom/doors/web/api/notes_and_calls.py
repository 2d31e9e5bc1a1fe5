"""/activity/note/ and /activity/call/: what people write down about a lead, and calls that they have made."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.api.emails import demand_our_file
from postroom.doors.web.bodies import Maybe, moment_in, or_empty, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted, shown
from postroom.doors.web.reach import tools_of
from postroom.doors.web.recording import FILTERS, card_of, cards_asked, change_record, delete_record, log_record
from postroom.ground.errors import Invalid
from postroom.rooms.activities import store
from postroom.rooms.activities.activity import Activity, Kind, dated
from postroom.rooms.activities.rich_text import from_html, from_text
from postroom.rooms.leads.phones import number_of
from postroom.views.record_list import CallCard, NoteCard

Line = Annotated[str, msgspec.Meta(max_length=1000)]
Text = Annotated[str, msgspec.Meta(max_length=200_000)]

DISPOSITIONS = ("answered", "no-answer", "vm-left", "vm-answer", "busy", "blocked", "error", "abandoned")


class NoteBody(msgspec.Struct):
    """What may be written of a note; `note_html` counts before `note`. Lead and date only when it is made."""

    lead_id: Maybe[Line] = msgspec.UNSET
    contact_id: Maybe[Line] = msgspec.UNSET
    user_id: Maybe[Line] = msgspec.UNSET
    title: Maybe[Line] = msgspec.UNSET
    note: Maybe[Text] = msgspec.UNSET
    note_html: Maybe[Text] = msgspec.UNSET
    pinned: Maybe[bool] = msgspec.UNSET
    attachments: Maybe[Annotated[list[dict[str, Any]], msgspec.Meta(max_length=100)]] = msgspec.UNSET
    date_created: Maybe[Line] = msgspec.UNSET
    activity_at: Maybe[Line] = msgspec.UNSET


class CallBody(msgspec.Struct):
    """What may be written of a call. Lead and date only when it is logged."""

    lead_id: Maybe[Line] = msgspec.UNSET
    contact_id: Maybe[Line] = msgspec.UNSET
    user_id: Maybe[Line] = msgspec.UNSET
    direction: Maybe[Line] = msgspec.UNSET
    status: Maybe[Line] = msgspec.UNSET
    disposition: Maybe[Line] = msgspec.UNSET
    duration: int | float | msgspec.UnsetType | None = msgspec.UNSET
    phone: Maybe[Line] = msgspec.UNSET
    remote_phone: Maybe[Line] = msgspec.UNSET
    local_phone: Maybe[Line] = msgspec.UNSET
    recording_url: Maybe[Line] = msgspec.UNSET
    source: Maybe[Line] = msgspec.UNSET
    note: Maybe[Text] = msgspec.UNSET
    note_html: Maybe[Text] = msgspec.UNSET
    date_created: Maybe[Line] = msgspec.UNSET
    activity_at: Maybe[Line] = msgspec.UNSET


class NotePage(msgspec.Struct):
    """Some notes."""

    data: list[NoteCard]
    has_more: bool


class CallPage(msgspec.Struct):
    """Some calls."""

    data: list[CallCard]
    has_more: bool


@get("/activity/note", operation_id="list_notes", operation_class=takes(*FILTERS))
async def list_notes(request: ApiRequest) -> NotePage:
    """Notes, newest first."""
    return shown(request, NotePage(*await cards_asked(request, Kind.NOTE, NoteCard)))


@get("/activity/note/{note_id:str}", operation_id="get_note", operation_class=takes("_fields"))
async def get_note(request: ApiRequest, note_id: FromPath[str]) -> NoteCard:
    """One note."""
    async with tools_of(request).db.reading() as tx:
        return await card_of(request, tx, (Kind.NOTE, note_id), NoteCard)


@post("/activity/note", operation_id="create_note", status_code=200)
async def create_note(request: ApiRequest, data: JSONBody[NoteBody]) -> NoteCard:
    """Write a note on a lead."""
    before = _new(request, Kind.NOTE, data)
    async with tools_of(request).db.transaction() as tx:
        note = dated(_note(before, data), None, tools_of(request).clock())
        given = (note, moment_in("date_created", data.date_created))
        return await log_record(request, tx, given, NoteCard)


@put("/activity/note/{note_id:str}", operation_id="update_note")
async def update_note(request: ApiRequest, note_id: FromPath[str], data: JSONBody[NoteBody]) -> NoteCard:
    """Change what is given."""
    async with tools_of(request).db.transaction() as tx:
        before = await store.activity_to_change(tx, request.user.organization_id, Kind.NOTE, note_id)
        after = dated(_note(before, data), before, tools_of(request).clock())
        return await change_record(request, tx, (note_id, after), NoteCard)


@delete("/activity/note/{note_id:str}", operation_id="delete_note", status_code=200)
async def delete_note(request: ApiRequest, note_id: FromPath[str]) -> Deleted:
    """Remove a note."""
    return await delete_record(request, Kind.NOTE, note_id)


@get("/activity/call", operation_id="list_calls", operation_class=takes(*FILTERS))
async def list_calls(request: ApiRequest) -> CallPage:
    """Calls, newest first."""
    return shown(request, CallPage(*await cards_asked(request, Kind.CALL, CallCard)))


@get("/activity/call/{call_id:str}", operation_id="get_call", operation_class=takes("_fields"))
async def get_call(request: ApiRequest, call_id: FromPath[str]) -> CallCard:
    """One call."""
    async with tools_of(request).db.reading() as tx:
        return await card_of(request, tx, (Kind.CALL, call_id), CallCard)


@post("/activity/call", operation_id="create_call", status_code=200)
async def create_call(request: ApiRequest, data: JSONBody[CallBody]) -> CallCard:
    """Log a call that was made elsewhere."""
    before = replace(_new(request, Kind.CALL, data), direction="outbound", status="completed")
    async with tools_of(request).db.transaction() as tx:
        given = (_call(before, data), moment_in("date_created", data.date_created))
        return await log_record(request, tx, given, CallCard)


@put("/activity/call/{call_id:str}", operation_id="update_call")
async def update_call(request: ApiRequest, call_id: FromPath[str], data: JSONBody[CallBody]) -> CallCard:
    """Change what is given."""
    async with tools_of(request).db.transaction() as tx:
        before = await store.activity_to_change(tx, request.user.organization_id, Kind.CALL, call_id)
        return await change_record(request, tx, (call_id, _call(before, data)), CallCard)


@delete("/activity/call/{call_id:str}", operation_id="delete_call", status_code=200)
async def delete_call(request: ApiRequest, call_id: FromPath[str]) -> Deleted:
    """Remove a call."""
    return await delete_record(request, Kind.CALL, call_id)


def _new(request: ApiRequest, kind: Kind, data: NoteBody | CallBody) -> Activity:
    lead_id = tidy(data.lead_id)
    if not lead_id:
        raise Invalid(field_errors={"lead_id": "This field is required."})
    noted = moment_in("activity_at", data.activity_at) or moment_in("date_created", data.date_created)
    return Activity(kind, lead_id, noted or tools_of(request).clock(), user_id=request.user.id)


def _shared(before: Activity, data: NoteBody | CallBody) -> dict[str, Any]:
    """What both have: people, moment and text."""
    given: dict[str, Any] = {}
    for name in ("contact_id", "user_id"):
        if (text := tidy(getattr(data, name))) is not None:
            given[name] = text or None
    if moment := moment_in("activity_at", data.activity_at):
        given["activity_at"] = moment
    html, text = tidy(data.note_html), tidy(data.note)
    if html is not None and html != before.html:
        given["text"], given["html"] = from_html(html)
    elif text is not None and text != before.text:
        given["text"], given["html"] = from_text(text)
    return given


def _note(before: Activity, data: NoteBody) -> Activity:
    given = _shared(before, data)
    if (title := tidy(data.title)) is not None:
        given["title"] = title
    if isinstance(data.pinned, bool):
        given["is_pinned"] = data.pinned
    if not isinstance(data.attachments, msgspec.UnsetType):
        for file in or_empty(data.attachments):
            demand_our_file(str(file.get("url", "")))
        given["details"] = _told(before, {**before.details, "attachments": list(or_empty(data.attachments))})
    return replace(before, **given)


def _call(before: Activity, data: CallBody) -> Activity:
    given, details = _shared(before, data), dict(before.details)
    if direction := tidy(data.direction):
        words = {"outgoing": "outbound", "incoming": "inbound"}
        given["direction"] = words.get(direction, direction)
        if given["direction"] not in ("outbound", "inbound"):
            raise Invalid(field_errors={"direction": "This must be outbound or inbound."})
    if status := tidy(data.status):
        given["status"] = status
    if isinstance(data.duration, int | float):
        if not 0 <= data.duration < 10**8:
            raise Invalid(field_errors={"duration": "This must be a number of seconds."})
        given["duration"] = int(data.duration)
    phone = tidy(data.phone)
    phone = tidy(data.remote_phone) if phone is None else phone
    if phone is not None:
        number = number_of(phone)
        given["phone"], details["phone_formatted"] = number.phone, number.formatted or None
    if (disposition := tidy(data.disposition)) and disposition not in DISPOSITIONS:
        raise Invalid(field_errors={"disposition": f"This must be one of: {', '.join(DISPOSITIONS)}."})
    for name in ("disposition", "local_phone", "recording_url", "source"):
        if (text := tidy(getattr(data, name))) is not None:
            details[name] = text or None
    if details.get("recording_url") and not str(details["recording_url"]).startswith("https://"):
        raise Invalid(field_errors={"recording_url": "This must be an address that begins with https://."})
    is_completed = given.get("status", before.status) == "completed"
    if isinstance(data.disposition, msgspec.UnsetType) and details.get("disposition") in (None, "answered"):
        details["disposition"] = "answered" if is_completed else None  # a completed call counts as answered
    return replace(before, **given, details=_told(before, details))


def _told(before: Activity, details: Mapping[str, Any]) -> Mapping[str, Any]:
    """The details, as they were where they tell nothing new: programs send back all that they have read."""
    after, earlier = (
        {name: value for name, value in one.items() if value and (name, value) != ("source", "External")}
        for one in (details, before.details)
    )
    return before.details if after == earlier else details


ROUTES = [
    list_notes, get_note, create_note, update_note, delete_note,
    list_calls, get_call, create_call, update_call, delete_call,
]  # fmt: skip
