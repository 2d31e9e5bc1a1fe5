"""/preferences/: how a user wants the page to be, on whatever browser. Not in Close."""

from typing import Annotated, Literal
from zoneinfo import available_timezones

import msgspec
from litestar import get, put
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from postroom.doors.web.bodies import Maybe
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.reach import callers_of, tools_of
from postroom.ground.errors import Invalid
from postroom.rooms.users import member_store
from postroom.rooms.users.member import Profile

MOST_SHORTCUTS = 200
MOST_IMAGE_SENDERS = 1000
Keys = Annotated[str, msgspec.Meta(max_length=40)]
Command = Annotated[str, msgspec.Meta(max_length=60)]
Sender = Annotated[str, msgspec.Meta(max_length=320)]
Senders = Annotated[list[Sender], msgspec.Meta(max_length=MOST_IMAGE_SENDERS)]
Shortcuts = Annotated[dict[Command, Keys], msgspec.Meta(max_length=MOST_SHORTCUTS)]
Language = Literal["en", "de"]
Theme = Literal["light", "dark", "auto"]
UndoSeconds = Literal[5, 10, 20, 30, 59]
AfterDone = Literal["next", "previous", "list"]
SignatureOn = Literal["always", "new", "never"]
ViewIds = Annotated[list[Annotated[str, msgspec.Meta(max_length=60)]], msgspec.Meta(max_length=500)]
Columns = Annotated[list[Annotated[str, msgspec.Meta(max_length=100)]], msgspec.Meta(max_length=50)]
Density = Literal["comfortable", "compact"]
ZoneBy = Literal["device", "hand"]


class PreferencesCard(msgspec.Struct):
    """What a user has chosen; null is as Postroom comes, or as the browser says."""

    language: Language | None = None
    theme: Theme | None = None
    undo_seconds: UndoSeconds | None = None
    after_done: AfterDone | None = None
    signature: SignatureOn | None = None
    """Where a signature is put in by itself: emails and replies, new emails alone, nowhere."""
    shortcuts: Shortcuts = msgspec.field(default_factory=dict)
    """Keys by command, where they are not as Postroom comes; "" takes a command's keys away."""
    image_senders: Senders = msgspec.field(default_factory=list)
    """Addresses whose remote images are shown unasked."""
    density: Density | None = None
    dark_mail: bool | None = None
    """Is mail darkened where the page is dark? Otherwise it stays on the white it was written for."""
    view_order: ViewIds = msgspec.field(default_factory=list)
    """Ids of Smart Views, as the user has put them in order; those that are not named come after."""
    lead_columns: Columns | None = None
    """What the list of leads shows where no Smart View says it (`selected_fields`)."""
    zone_by: ZoneBy | None = None
    """Whether `time_zone` follows the device that was last used or was chosen by hand."""
    time_zone: str = "UTC"


class PreferencesBody(msgspec.Struct):
    """What to change; null brings back what Postroom comes with."""

    language: Maybe[Language] = UNSET
    theme: Maybe[Theme] = UNSET
    undo_seconds: Maybe[UndoSeconds] = UNSET
    after_done: Maybe[AfterDone] = UNSET
    signature: Maybe[SignatureOn] = UNSET
    shortcuts: Maybe[Shortcuts] = UNSET
    image_senders: Maybe[Senders] = UNSET
    density: Maybe[Density] = UNSET
    dark_mail: Maybe[bool] = UNSET
    view_order: Maybe[ViewIds] = UNSET
    lead_columns: Maybe[Columns] = UNSET
    zone_by: Maybe[ZoneBy] = UNSET
    time_zone: Annotated[str, msgspec.Meta(max_length=60)] | UnsetType = UNSET


@get("/preferences", operation_id="get_preferences")
async def get_preferences(request: ApiRequest) -> PreferencesCard:
    """The caller's own."""
    return await _card(request)


@put("/preferences", operation_id="update_preferences")
async def update_preferences(request: ApiRequest, data: JSONBody[PreferencesBody]) -> PreferencesCard:
    """Change some of the caller's own; what is absent stays."""
    zone = data.time_zone
    if not isinstance(zone, UnsetType) and zone not in available_timezones():
        raise Invalid(field_errors={"time_zone": "There is no such time zone. An example: Europe/Berlin."})
    tools, user = tools_of(request), request.user
    given = {name: value for name in _KEPT if (value := getattr(data, name)) is not UNSET}
    async with tools.db.transaction() as tx:
        await member_store.save_preferences(tx, user.organization_id, user.id, given)
        if not isinstance(zone, UnsetType):
            profile = Profile(timezone=zone)
            await member_store.save_profile(tx, user.organization_id, user.id, profile, tools.clock())
    callers_of(request).forget_all()
    return await _card(request)


async def _card(request: ApiRequest) -> PreferencesCard:
    user = request.user
    async with tools_of(request).db.reading() as tx:
        kept = await member_store.preferences(tx, user.organization_id, user.id)
        zone = await member_store.timezone(tx, user.organization_id, user.id)
    return msgspec.convert({**kept, "time_zone": zone}, PreferencesCard)


_KEPT = tuple(name for name in PreferencesBody.__struct_fields__ if name != "time_zone")

ROUTES = [get_preferences, update_preferences]
