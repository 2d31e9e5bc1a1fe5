"""/saved_search/: Smart Views, queries kept under a name and shared or not."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from postroom.doors.web.bodies import Maybe, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, Deleted, asked, shown
from postroom.doors.web.reach import close_date, stamp_of, tools_of
from postroom.doors.web.seeking import seeker_of
from postroom.ground.errors import Forbidden, Invalid
from postroom.rooms.smart_views import store
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.saved_search import SavedSearch, checked, require_change, says_me
from postroom.rooms.smart_views.structured import query_from, query_to
from postroom.rooms.users.roles import Permission


class SharingCard(msgspec.Struct, frozen=True):
    """Who sees a Smart View beside its owner."""

    whole_org: bool
    user_ids: list[str]
    group_ids: list[str]
    created_at: str | None = None
    created_by_id: str | None = None
    updated_at: str | None = None
    updated_by_id: str | None = None


class SavedSearchCard(msgspec.Struct, frozen=True):
    """A Smart View as Close prints it. `query` is null if it was made of a tree, `s_query` if only text can say it."""

    id: str
    organization_id: str
    name: str
    description: str
    type: str
    query: str | None
    s_query: dict[str, Any] | None
    is_shared: bool
    is_user_dependent: bool
    user_id: str | None
    selected_fields: list[Any] | None
    shared_with: list[str]
    sharing_settings: SharingCard
    date_created: str
    date_updated: str
    used_recently: bool = False


class SavedSearchPage(msgspec.Struct, frozen=True):
    """Smart Views."""

    data: list[SavedSearchCard]
    has_more: bool


class SavedSearchBody(msgspec.Struct):
    """What may be written about a Smart View; clients send whole objects back, so what is read-only is passed over."""

    name: Maybe[str] = UNSET
    description: Maybe[Annotated[str, msgspec.Meta(max_length=10_000)]] = UNSET
    type: Maybe[str] = UNSET
    query: Maybe[str] = UNSET
    s_query: Maybe[dict[str, Any]] = UNSET
    is_shared: Maybe[bool] = UNSET
    selected_fields: Maybe[list[Any]] = UNSET
    shared_with: Maybe[list[str]] = UNSET
    sharing_settings: Maybe[dict[str, Any]] = UNSET


@get("/saved_search", operation_id="list_saved_searches", operation_class=takes("_limit", "_skip", "_fields"))
async def list_saved_searches(request: ApiRequest) -> SavedSearchPage:
    """The Smart Views that the caller may see; of leads unless `type` or `type__in` says otherwise."""
    query = asked(request)
    types, page = query.ids("type", "type__in") or ("lead",), query.page(MOST_PLAIN_LIMIT)
    async with tools_of(request).db.reading() as tx:
        views = await store.visible_views(tx, request.user.organization_id, await seeker_of(request, tx))
    found = [_card(request, view) for view in views if view.type in types]
    shown_cards = found[page.skip : page.skip + page.limit]
    return shown(request, SavedSearchPage(shown_cards, len(found) > page.skip + page.limit))


@get("/saved_search/{view_id:str}", operation_id="get_saved_search", operation_class=takes("_fields"))
async def get_saved_search(request: ApiRequest, view_id: FromPath[str]) -> SavedSearchCard:
    """One Smart View."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await _read(request, tx, view_id))


@post("/saved_search", operation_id="create_saved_search", status_code=200)
async def create_saved_search(request: ApiRequest, data: JSONBody[SavedSearchBody]) -> SavedSearchCard:
    """Keep a query under a name. It is the caller's, and shared where `is_shared` says so."""
    made = _with_query(_changed(SavedSearch("", "", user_id=request.user.id), data), data)
    _may_share(request, None, made)
    async with tools_of(request).db.transaction() as tx:
        view_id = await store.insert_view(tx, request.user.organization_id, made, stamp_of(request).now)
        return shown(request, await _read(request, tx, view_id))


@put("/saved_search/{view_id:str}", operation_id="update_saved_search")
async def update_saved_search(
    request: ApiRequest, view_id: FromPath[str], data: JSONBody[SavedSearchBody]
) -> SavedSearchCard:
    """Change what is given."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        seeker = await seeker_of(request, tx)
        before = await store.view_to_change(tx, organization_id, view_id, seeker)
        require_change(before, seeker)
        after = _with_query(_changed(before, data), data)
        _may_share(request, before, after)
        if after != before:
            await store.update_view(tx, organization_id, after, (request.user.id, stamp_of(request).now))
        return shown(request, await _read(request, tx, view_id))


@delete("/saved_search/{view_id:str}", operation_id="delete_saved_search", status_code=200)
async def delete_saved_search(request: ApiRequest, view_id: FromPath[str]) -> Deleted:
    """Remove a Smart View; what it found stays."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        seeker = await seeker_of(request, tx)
        require_change(await store.view(tx, organization_id, view_id, seeker), seeker)
        await store.delete_view(tx, organization_id, view_id, (request.user.id, stamp_of(request).now))
    return Deleted()


def _may_share(request: ApiRequest, before: SavedSearch | None, after: SavedSearch) -> None:
    """Raises Forbidden for who wants to share a view, or change with whom, and may not."""
    was = (before.is_shared, before.shared_with) if before else (False, ())
    if (after.is_shared, after.shared_with) != was and not request.user.may(Permission.MANAGE_TEAM_SMART_VIEWS):
        raise Forbidden("Your role does not allow to share Smart Views (manage_team_smart_views).")


def _changed(view: SavedSearch, data: SavedSearchBody) -> SavedSearch:
    """Everything but the query."""
    given: dict[str, Any] = {name: tidy(getattr(data, name)) for name in ("name", "description", "type")}
    given = {name: value for name, value in given.items() if value is not None}
    if not given.get("type", "-"):
        del given["type"]
    if "type" in given:
        given["type"] = given["type"].removeprefix("activity.")
    if not isinstance(data.is_shared, UnsetType):
        given["is_shared"] = bool(data.is_shared)
    if not isinstance(data.shared_with, UnsetType):
        given["shared_with"] = tuple(dict.fromkeys(data.shared_with or ()))
    if isinstance(data.sharing_settings, Mapping):
        given |= _shared(view, data.sharing_settings, given)
    if not isinstance(data.selected_fields, UnsetType):
        given["selected_fields"] = data.selected_fields
    return replace(view, **given)


def _shared(view: SavedSearch, settings: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What `sharing_settings` change. They say again what `is_shared` and `shared_with` say, and whole objects come
    back with all three: of two that differ, what differs from the view as it is counts."""
    before: dict[str, Any] = {"is_shared": view.is_shared, "shared_with": view.shared_with}
    said: dict[str, Any] = {}
    if isinstance(settings.get("whole_org"), bool):
        said["is_shared"] = settings["whole_org"]
    lists = [settings.get(name) for name in ("user_ids", "group_ids")]
    if any(isinstance(one, list) for one in lists):
        ids = [one for some in lists if isinstance(some, list) for one in some if isinstance(one, str)]
        if set(ids) != set(view.shared_with):
            said["shared_with"] = tuple(dict.fromkeys(ids))
    return {name: value for name, value in said.items() if given.get(name, before[name]) == before[name]}


def _with_query(view: SavedSearch, data: SavedSearchBody) -> SavedSearch:
    """The query of the body in place of the old one. Raises Invalid for a view that makes no sense.

    Objects sent back as they were read hold both keys. A null does not take the other away, and an `s_query` that only
    says again what the text says, before or now, leaves the text what counts.
    """
    text = data.query if isinstance(data.query, str) else None
    if isinstance(data.s_query, Mapping) and not (text and _says_again(data.s_query, view, text)):
        looked_for = query_from(data.s_query, view.type if isinstance(data.type, str) else "").kind
        if isinstance(data.type, str) and data.type and view.type != looked_for:
            raise Invalid(field_errors={"type": f"The query looks for {looked_for!r}, not {data.type!r}."})
        view = replace(view, s_query=_whole(data.s_query), query=None, type=looked_for)
    elif text is not None:
        view = replace(view, s_query=None, query=text.strip())
    query = checked(view)
    return replace(view, is_user_dependent=says_me(query))


def _says_again(s_query: Mapping[str, Any], view: SavedSearch, text: str) -> bool:
    """Whether the tree is the one that `_card` makes of the view's text, or of the new one."""
    texts = {text, view.query or ""} - {""}
    return any(_whole(s_query) == _tree_of(replace(view, s_query=None, query=one)) for one in texts)


def _tree_of(view: SavedSearch) -> dict[str, Any] | None:
    """The query as structured JSON, also of a view in the text language; None for what only text can say."""
    if view.s_query is not None:
        return dict(view.s_query)
    read = _tree_in if len(view.query or "") <= LONGEST_REMEMBERED else _tree_in.__wrapped__
    return read(view.query or "", view.type)


LONGEST_REMEMBERED = 1_000


@lru_cache(maxsize=2_000)
def _tree_in(text: str, kind: str) -> dict[str, Any] | None:
    """Remembered: a side bar asks for all views, and reading a text takes a third of a millisecond."""
    try:
        return query_to(replace(parse(text), kind=kind))
    except Invalid:
        return None


def _whole(s_query: Mapping[str, Any]) -> dict[str, Any]:
    """With the keys that clients read without asking whether they are there; of a tree alone, around it."""
    if "query" not in s_query and isinstance(s_query.get("queries"), list):
        return {"query": dict(s_query), "results_limit": None, "sort": []}
    return {"results_limit": None, **s_query, "sort": s_query.get("sort") or []}


async def _read(request: ApiRequest, tx: Any, view_id: str) -> SavedSearchCard:
    seeker = await seeker_of(request, tx)
    return _card(request, await store.view(tx, request.user.organization_id, view_id, seeker))


def _card(request: ApiRequest, view: SavedSearch) -> SavedSearchCard:
    assert view.date_created and view.date_updated  # it is stored
    groups = [one for one in view.shared_with if one.startswith("group_")]
    return SavedSearchCard(
        view.id, request.user.organization_id, view.name, view.description, view.type, view.query,
        _tree_of(view), view.is_shared, view.is_user_dependent, view.user_id,
        None if view.selected_fields is None else list(view.selected_fields), list(view.shared_with),
        SharingCard(view.is_shared, [one for one in view.shared_with if one not in groups], groups),
        close_date(view.date_created), close_date(view.date_updated),
    )  # fmt: skip


ROUTES = [list_saved_searches, get_saved_search, create_saved_search, update_saved_search, delete_saved_search]
