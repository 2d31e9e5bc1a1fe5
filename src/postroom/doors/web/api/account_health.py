"""How accounts are doing: sync status, history, errors, folders, identities, exclude patterns, and why a mail is here.

Not in Close.
"""

import msgspec
from litestar import get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted, asked
from postroom.doors.web.reach import asker_of, close_date, tools_of
from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.journeys import connect, prove_alias
from postroom.journeys.steps.mail_rules import ledger_hashes
from postroom.rooms.accounts import identity_store, store
from postroom.rooms.accounts.access import demand, may_change, may_read
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.accounts.identities import Identity
from postroom.rooms.mailbox.folder_store import choose_folder
from postroom.views.account_list import IdentityCard
from postroom.views.sync_status import SyncStatus, sync_errors, sync_history, sync_status
from postroom.views.why_here import why_here

MOST_ERRORS = 500


class ProgressCard(msgspec.Struct):
    """A first sync under way."""

    done: int
    total: int
    seconds_left: int | None


class FolderCard(msgspec.Struct):
    """One folder's ledger. The id is text: it can be larger than a JavaScript number holds."""

    id: str
    name: str
    role: str
    is_synced: bool
    on_server: int
    seen: int
    kept: int
    failed: int
    error: str
    last_pull: str | None


class SyncStatusCard(msgspec.Struct):
    """How an account stands: ok, error (a person must act), waiting (for a moment), first_sync, or off."""

    state: str
    last_sync: str | None
    emails_seen: int
    emails_kept: int
    emails_left_out: dict[str, int]
    emails_failed: int
    sent_today: int
    received_today: int
    progress: ProgressCard | None
    next_poll: str | None
    can_push: bool
    folders: list[FolderCard]


class PullCard(msgspec.Struct):
    """One line of the history of pulls."""

    time: str
    direction: str
    seen: int
    kept: int
    failed: int
    result: str
    error: str


class PullPage(msgspec.Struct):
    """The newest pulls first."""

    data: list[PullCard]
    has_more: bool


class SyncErrorCard(msgspec.Struct):
    """A message that could not be brought in, or a wish that the mailbox did not take."""

    folder: str
    uid: int | None
    error: str
    attempts: int
    next_try: str | None


class SyncErrorPage(msgspec.Struct):
    """What failed and is still to be mended."""

    data: list[SyncErrorCard]


class FolderBody(msgspec.Struct):
    """Whether a folder is read."""

    is_synced: bool


class ProvenIdentity(msgspec.Struct):
    """An address of an account. `proof`: own, domain, code, server, or pending."""

    email: str
    name: str
    proof: str


class AliasBody(msgspec.Struct):
    """Which alias."""

    email: str


class CodeBody(msgspec.Struct):
    """Which alias, and the code that was mailed to it."""

    email: str
    code: str


class ProofCard(msgspec.Struct):
    """Whether the alias is proven now; else a code is on its way to it."""

    is_proven: bool


class WhyLead(msgspec.Struct):
    """A lead that the email stands on, and why."""

    lead_id: str
    lead_name: str
    email_id: str
    reason_text: str


class WhyCard(msgspec.Struct):
    """One sighting of the message, and what was decided. `uid` is the server's number of it in the folder."""

    account_id: str
    account_email: str
    folder: str
    uid: int
    date: str | None
    verdict: str
    verdict_text: str
    error: str
    leads: list[WhyLead]


class NotSeenCard(msgspec.Struct):
    """An account that has shown no such message, and what that may mean."""

    account_email: str
    hint: str


class WhyAnswer(msgspec.Struct):
    """Why an email is here, or is not."""

    kind: str
    data: list[WhyCard]
    not_seen_in: list[NotSeenCard]


@post("/connected_account/{account_id:str}/sync", operation_id="sync_now", status_code=200)
async def sync_now(request: ApiRequest, account_id: FromPath[str]) -> Deleted:
    """Read the mailbox and send what is due, now."""
    await connect.sync_now(tools_of(request), asker_of(request), account_id)
    return Deleted()


@get("/connected_account/{account_id:str}/sync_status", operation_id="get_sync_status")
async def get_status(request: ApiRequest, account_id: FromPath[str]) -> SyncStatusCard:
    """The whole picture of one account; for coworkers without its folders and what was left out."""
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        account = await _readable(request, tx, account_id)
        status = await sync_status(tx, request.user.organization_id, account_id, tools.clock())
    card = _status_card(status)
    if not _is_inside(request, account):
        card.folders, card.emails_left_out = [], {}
    return card


@get(
    "/connected_account/{account_id:str}/sync_history",
    operation_id="get_sync_history",
    operation_class=takes("_limit", "_skip"),
)
async def get_history(request: ApiRequest, account_id: FromPath[str]) -> PullPage:
    """The newest pulls first."""
    page = asked(request).page()
    async with tools_of(request).db.reading() as tx:
        await _readable(request, tx, account_id)
        lines = await sync_history(tx, request.user.organization_id, account_id, skip=page.skip, limit=page.limit + 1)
    cards = [
        PullCard(close_date(one.time), one.direction, one.seen, one.kept, one.failed, one.result, one.error)
        for one in lines[: page.limit]
    ]
    return PullPage(cards, len(lines) > page.limit)


@get("/connected_account/{account_id:str}/sync_errors", operation_id="get_sync_errors")
async def get_errors(request: ApiRequest, account_id: FromPath[str]) -> SyncErrorPage:
    """What failed and is still to be mended, messages first."""
    async with tools_of(request).db.reading() as tx:
        account = await _readable(request, tx, account_id)
        demand(_is_inside(request, account), "look into this account")
        errors = await sync_errors(tx, request.user.organization_id, account_id, limit=MOST_ERRORS)
    return SyncErrorPage(
        [
            SyncErrorCard(
                one.folder, one.uid, one.error, one.attempts, close_date(one.next_try) if one.next_try else None
            )
            for one in errors
        ]
    )


@put("/connected_account/{account_id:str}/folders/{folder_id:str}", operation_id="choose_folder")
async def put_folder(
    request: ApiRequest, account_id: FromPath[str], folder_id: FromPath[str], data: JSONBody[FolderBody]
) -> Deleted:
    """Read this folder, or no longer; what it brought stays."""
    if not folder_id.isascii() or not folder_id.isdigit() or len(folder_id) > 18:
        raise NotFound("There is no such folder.")
    org = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        demand(may_change(asker_of(request), await store.get(tx, org, account_id)), "change this account")
        if not await choose_folder(tx, org, account_id, int(folder_id), data.is_synced):
            raise NotFound("There is no such folder.")
    if data.is_synced:
        await connect.sync_now(tools_of(request), asker_of(request), account_id)
    return Deleted()


@get("/connected_account/{account_id:str}/identities", operation_id="get_identities")
async def get_identities(request: ApiRequest, account_id: FromPath[str]) -> list[ProvenIdentity]:
    """The account's address and its aliases; one whose proof is pending is used for nothing yet."""
    async with tools_of(request).db.reading() as tx:
        await _readable(request, tx, account_id)
        found = await identity_store.identities(tx, request.user.organization_id, account_id)
    return [ProvenIdentity(one.address, one.name, one.proof) for one in found]


@post("/connected_account/{account_id:str}/identities/prove", operation_id="mail_alias_code", status_code=200)
async def prove_identity(request: ApiRequest, account_id: FromPath[str], data: JSONBody[AliasBody]) -> ProofCard:
    """Prove an alias of another domain: by the mail server, else by a code that is mailed to it."""
    is_proven = await prove_alias.begin_proof(tools_of(request), asker_of(request), account_id, data.email)
    return ProofCard(is_proven)


@post("/connected_account/{account_id:str}/identities/confirm", operation_id="confirm_alias", status_code=200)
async def confirm_identity(request: ApiRequest, account_id: FromPath[str], data: JSONBody[CodeBody]) -> ProofCard:
    """The code as it arrived at the alias."""
    await prove_alias.confirm(tools_of(request), asker_of(request), account_id, data.email, data.code)
    return ProofCard(True)


@put("/connected_account/{account_id:str}/identities", operation_id="put_identities")
async def put_identities(
    request: ApiRequest, account_id: FromPath[str], data: JSONBody[list[IdentityCard]]
) -> list[ProvenIdentity]:
    """Replace the aliases; the account's own address always stays among them."""
    tools, org = tools_of(request), request.user.organization_id
    identities = [Identity(one.email, one.name) for one in data]
    await connect.save_identities(tools, asker_of(request), account_id, identities)
    async with tools.db.transaction() as tx:
        found = await identity_store.identities(tx, org, account_id)
    return [ProvenIdentity(one.address, one.name, one.proof) for one in found]


@get("/connected_account/{account_id:str}/exclude_patterns", operation_id="get_account_exclude_patterns")
async def get_account_patterns(request: ApiRequest, account_id: FromPath[str]) -> list[str]:
    """Addresses whose mail with this account is left out."""
    async with tools_of(request).db.reading() as tx:
        account = await _readable(request, tx, account_id)
        demand(_is_inside(request, account), "look into this account")
        return await identity_store.exclude_patterns(tx, request.user.organization_id, account_id)


@put("/connected_account/{account_id:str}/exclude_patterns", operation_id="put_account_exclude_patterns")
async def put_account_patterns(request: ApiRequest, account_id: FromPath[str], data: JSONBody[list[str]]) -> list[str]:
    """Replace them. Mail that they leave out is taken off its leads."""
    await connect.save_exclude_patterns(tools_of(request), asker_of(request), account_id, data)
    async with tools_of(request).db.transaction() as tx:
        return await identity_store.exclude_patterns(tx, request.user.organization_id, account_id)


@get("/exclude_patterns", operation_id="get_exclude_patterns")
async def get_patterns(request: ApiRequest) -> list[str]:
    """Addresses whose mail is left out in the whole organization."""
    async with tools_of(request).db.reading() as tx:
        return await identity_store.exclude_patterns(tx, request.user.organization_id)


@put("/exclude_patterns", operation_id="put_exclude_patterns")
async def put_patterns(request: ApiRequest, data: JSONBody[list[str]]) -> list[str]:
    """Replace them. Admins only."""
    await connect.save_exclude_patterns(tools_of(request), asker_of(request), "", data)
    async with tools_of(request).db.transaction() as tx:
        return await identity_store.exclude_patterns(tx, request.user.organization_id)


@get("/why", operation_id="why", operation_class=takes("q"))
async def why(request: ApiRequest) -> WhyAnswer:
    """Why an email is here, or is not: asked by Message-ID, address or subject."""
    tools, org = tools_of(request), request.user.organization_id
    async with tools.db.reading() as tx:
        report = await why_here(tx, org, ledger_hashes(tools, org), asked(request).text("q"))
    cards = [
        WhyCard(
            seen.account_id, seen.account_email, seen.folder, seen.uid, close_date(seen.date) if seen.date else None,
            seen.verdict, seen.verdict_text, seen.error,
            [WhyLead(one.lead_id, one.lead_name, one.email_id, one.reason_text) for one in seen.leads],
        )
        for seen in report.data
    ]  # fmt: skip
    return WhyAnswer(report.kind.value, cards, [NotSeenCard(one.account_email, one.hint) for one in report.not_seen_in])


async def _readable(request: ApiRequest, tx: Transaction, account_id: str) -> ConnectedAccount:
    account = await store.get(tx, request.user.organization_id, account_id)
    demand(may_read(asker_of(request), account), "see this account")
    return account


def _is_inside(request: ApiRequest, account: ConnectedAccount) -> bool:
    """Its owner, admins, everybody for a team's: names of folders and patterns tell of mail that is on no lead."""
    return account.user_id is None or may_change(asker_of(request), account)


def _status_card(status: SyncStatus) -> SyncStatusCard:
    progress = status.progress
    return SyncStatusCard(
        status.state,
        close_date(status.last_sync) if status.last_sync else None,
        status.emails_seen,
        status.emails_kept,
        dict(status.emails_left_out),
        status.emails_failed,
        status.sent_today,
        status.received_today,
        ProgressCard(progress.done, progress.total, progress.seconds_left) if progress else None,
        close_date(status.next_poll) if status.next_poll else None,
        status.can_push,
        [
            FolderCard(
                str(one.id), one.name, one.role, one.is_synced, one.on_server, one.seen, one.kept, one.failed,
                one.error, close_date(one.last_pull) if one.last_pull else None,
            )
            for one in status.folders
        ],
    )  # fmt: skip


ROUTES = [
    sync_now, get_status, get_history, get_errors, put_folder, get_identities, put_identities, prove_identity,
    confirm_identity,
    get_account_patterns, put_account_patterns, get_patterns, put_patterns, why,
]  # fmt: skip
