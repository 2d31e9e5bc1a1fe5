"""What is wrong with an account and who mends it: diagnosis, test, reconnect, and the page for an administrator.

Not in Close. The administrator's page is plain HTML outside of /api/: whoever reads it has no account here.
"""

import secrets
from html import escape

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from postroom.doors.web.api.connected_accounts import TestCard, test_card
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted
from postroom.doors.web.reach import asker_of, close_date, tools_of
from postroom.ground.errors import NotFound
from postroom.journeys import connect, mend_account
from postroom.journeys.mend_account import ADMIN_PATH, AdminPart, diagnosis_of
from postroom.journeys.move_writings import Move, move_writings
from postroom.rooms.accounts import store
from postroom.rooms.accounts.access import demand, may_change, may_read
from postroom.rooms.accounts.account import ConnectedAccount, Side, standing_of
from postroom.views.account_writings import WritingPage, account_writings


class DiagnosisCard(msgspec.Struct):
    """One side that does not work: `error` in the server's words, the rest in plain ones.

    `admin_step`: what to ask an administrator for. `wait_minutes`: until a change at the provider is in force.
    `next_try`: when it is tried again by itself, null where a person must act first.
    """

    key: str
    error: str
    remedy: str
    cause: str
    next_step: str
    help_url: str
    admin_step: str
    wait_minutes: int
    next_try: str | None


class DiagnosisAnswer(msgspec.Struct):
    """Both sides; null where nothing is wrong. `waiting` emails stand in the outbox and go out once sending works."""

    receive: DiagnosisCard | None
    send: DiagnosisCard | None
    waiting: int


class MoveBody(msgspec.Struct):
    """Where to; without `email_ids` everything that has not left."""

    to_account_id: str
    email_ids: list[str] | None = None


class MovedCard(msgspec.Struct):
    """How many were moved; `refused` names the others by id, with the reason."""

    moved: int
    refused: dict[str, str]


class AdminLinkBody(msgspec.Struct):
    """For which side: receive or send."""

    side: Side


class AdminLinkAnswer(msgspec.Struct):
    """The address of the administrator's page, and when it ends by itself."""

    url: str
    date_expires: str


@get("/connected_account/{account_id:str}/diagnosis", operation_id="get_diagnosis")
async def get_diagnosis(request: ApiRequest, account_id: FromPath[str]) -> DiagnosisAnswer:
    """What is wrong with each side, why, and what to do next."""
    org = request.user.organization_id
    async with tools_of(request).db.reading() as tx:
        account = await store.get(tx, org, account_id)
        if account.is_deleted:
            raise NotFound("There is no such connected account.")
        demand(may_read(asker_of(request), account), "see this account")
        totals = (await account_writings(tx, org, account_id)).total_by_status
    return DiagnosisAnswer(_card(account, Side.RECEIVE), _card(account, Side.SEND), totals.get("outbox", 0))


@post("/connected_account/{account_id:str}/test", operation_id="test_saved_account", status_code=200)
async def test_saved(request: ApiRequest, account_id: FromPath[str]) -> TestCard:
    """Try the account's own logins step by step. Nothing is saved."""
    return test_card(await mend_account.test_account(tools_of(request), asker_of(request), account_id))


@post("/connected_account/{account_id:str}/reconnect", operation_id="reconnect_account", status_code=200)
async def reconnect(request: ApiRequest, account_id: FromPath[str]) -> Deleted:
    """Try again with the same settings, after something was mended at the provider."""
    await connect.reconnect(tools_of(request), asker_of(request), account_id)
    return Deleted()


@post("/connected_account/{account_id:str}/admin_link", operation_id="make_admin_link", status_code=200)
async def make_admin_link(
    request: ApiRequest, account_id: FromPath[str], data: JSONBody[AdminLinkBody]
) -> AdminLinkAnswer:
    """A link to send to an administrator, with just their part. It ends after a week."""
    tools = tools_of(request)
    url = await mend_account.admin_address(tools, asker_of(request), account_id, data.side)
    return AdminLinkAnswer(url, close_date(tools.clock() + mend_account.LINK_LASTS))


@get("/connected_account/{account_id:str}/writings", operation_id="get_account_writings")
async def get_writings(request: ApiRequest, account_id: FromPath[str]) -> WritingPage:
    """Drafts, scheduled emails and the outbox of an account, also of one that was removed."""
    org = request.user.organization_id
    async with tools_of(request).db.reading() as tx:
        demand(may_change(asker_of(request), await store.get(tx, org, account_id)), "see what waits for this account")
        return await account_writings(tx, org, account_id)


@post("/connected_account/{account_id:str}/move_writings", operation_id="move_writings", status_code=200)
async def post_move(request: ApiRequest, account_id: FromPath[str], data: JSONBody[MoveBody]) -> MovedCard:
    """Give what has not left to another account; what is scheduled keeps its moment."""
    move = Move(account_id, data.to_account_id, data.email_ids)
    done = await move_writings(tools_of(request), asker_of(request), move)
    return MovedCard(done.moved, done.refused)


@get(f"{ADMIN_PATH}/{{token:str}}", operation_id="admin_help", include_in_schema=False)
async def admin_help(request: ApiRequest, token: FromPath[str]) -> Response[str]:
    """The administrator's page."""
    try:
        part = await mend_account.admin_part(tools_of(request), token)
    except NotFound as error:
        return _page("This link has ended", f"<p>{escape(str(error))}</p>", 404)
    return _page(f"Mailbox {escape(part.email)}", _admin_text(part), 200)


def _admin_text(part: AdminPart) -> str:
    found = part.diagnosis
    if found is None:
        return "<p>This works again. There is nothing left to do. Thank you.</p>"
    side = "receive mail" if part.side is Side.RECEIVE else "send mail"
    wait = f"<p>It takes about {found.wait_minutes} minutes to be in force.</p>" if found.wait_minutes else ""
    page = found.advice.help_url
    link = f'<p><a href="{escape(page)}" rel="noreferrer">The provider\'s own page about it</a></p>' if page else ""
    return (
        f"<p>A colleague uses Postroom with this mailbox. It cannot {side} at the moment, and only an administrator of"
        f" the mailbox can change that.</p><h2>Why</h2><p>{escape(found.advice.cause)}</p>"
        f"<h2>What to do</h2><p>{escape(found.admin_step or found.advice.next_step)}</p>{wait}{link}"
        f"<h2>What the server said</h2><blockquote>{escape(part.words)}</blockquote>"
        "<p class=note>Postroom goes on by itself once your colleague reconnects. No password is asked for here.</p>"
    )


def _page(title: str, content: str, status: int) -> Response[str]:
    nonce = secrets.token_urlsafe(18)
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="robots" content="noindex"><title>{title}</title><style nonce="{nonce}">{_STYLE}</style>'
        f"<main><h1>{title}</h1>{content}</main></html>"
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return Response(html, status_code=status, headers=headers, media_type="text/html")


_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;margin:0;padding:8vh 20px}"
    "main{max-width:640px;margin:auto}h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1rem;margin:1.8em 0 .3em}"
    "p,blockquote{margin:.3em 0;overflow-wrap:anywhere}blockquote{padding:10px 14px;border-left:3px solid #8886;"
    "font-family:ui-monospace,monospace;font-size:.875rem}.note{margin-top:2em;opacity:.7;font-size:.875rem}"
)


def _card(account: ConnectedAccount, side: Side) -> DiagnosisCard | None:
    found, standing = diagnosis_of(account, side), standing_of(account, side)
    if found is None:
        return None
    advice = found.advice
    return DiagnosisCard(
        found.key, standing.error, standing.remedy.value if standing.remedy else "", advice.cause, advice.next_step,
        advice.help_url, found.admin_step, found.wait_minutes,
        close_date(standing.retry_after) if standing.retry_after else None,
    )  # fmt: skip


ROUTES = [get_diagnosis, test_saved, reconnect, make_admin_link, get_writings, post_move]
OPEN_ROUTES = [admin_help]
