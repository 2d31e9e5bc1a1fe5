"""Add, change, reconnect, remove a connected account; try its settings first if wanted.

test_settings     N   IMAP and SMTP apart, step by step; stores nothing
add_account       T   the account, its sealed secrets, its identity, the hint to read its mailbox
update_account    T   settings and logins; what changed a login reconnects: refusals forgotten, outbox released
remove_account    T   credentials gone, mail kept, what waited to be sent goes back
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.ground.viewer import unbounded
from postroom.journeys import jobs
from postroom.journeys.steps.access_token import end_at_provider
from postroom.journeys.steps.ask_rejudgement import (
    LEFT_OUT_BY_PATTERN,
    WHOSE_IT_IS,
    ask_of_all,
    ask_rejudgement,
    verdicts_changed,
)
from postroom.journeys.steps.check_server import ServerToCheck, TestReport, check_server
from postroom.journeys.steps.give_up_outbox import give_up_outbox
from postroom.journeys.steps.judge_own_change import judge_own_change
from postroom.journeys.steps.open_mailbox import forget_mailbox
from postroom.journeys.steps.tracking_links import check_can_track
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store, oauth_store, store
from postroom.rooms.accounts.access import Asker, demand, may_add, may_change
from postroom.rooms.accounts.account import (
    AccountChange,
    AccountSettings,
    ConnectedAccount,
    ServerLogin,
    Side,
    Standing,
    secret_context,
)
from postroom.rooms.accounts.exclude import read_patterns
from postroom.rooms.accounts.identities import DOMAIN, PENDING, Identity, OwnAddresses, proof_of_new
from postroom.rooms.accounts.oauth import SIDE_FEATURE
from postroom.rooms.accounts.providers import files_own_sent, have_one_owner, provider, provider_of_address
from postroom.rooms.accounts.typed_server import TypedServer, read_address, read_login
from postroom.rooms.emails import visibility_store
from postroom.rooms.leads.address_book import people_at
from postroom.wire.mime.address_key import address_key

SHORTEST_POLL_SECONDS = 30
LONGEST_POLL_SECONDS = 86_400
MOST_IDENTITIES = 200
LONGEST_SECRET = 10_000
"""OAuth tokens of some providers reach 4 KB; nothing that is longer is a password."""


class Keep(Enum):
    """A side of an account that an edit leaves as it is."""

    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class ServersToTest:
    """Settings to try before they are saved. A side that is None is not tried."""

    email: str
    imap: TypedServer | None
    smtp: TypedServer | None
    provider: str = "custom"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to connect. `owner_id` None: a team's. At least one of `imap` and `smtp`."""

    email: str
    owner_id: str | None
    imap: TypedServer | None
    smtp: TypedServer | None
    provider: str = ""
    settings: AccountSettings = field(default_factory=AccountSettings)


@dataclass(frozen=True, slots=True)
class AccountEdit:
    """What to change. `settings` None leaves all of them; a side that is None is taken away."""

    settings: AccountSettings | None = None
    imap: TypedServer | Keep | None = Keep.KEEP
    smtp: TypedServer | Keep | None = Keep.KEEP


async def test_settings(tools: Tools, servers: ServersToTest) -> TestReport:
    """Try both servers at once. Raises Invalid for what cannot even be tried."""
    email = read_address(servers.email)
    key = servers.provider if provider(servers.provider).key != "custom" else provider_of_address(email).key
    typed = {Side.RECEIVE: servers.imap, Side.SEND: servers.smtp}
    logins = {side: _read(server, side, email, servers.imap) for side, server in typed.items() if server is not None}
    checks = {
        side: check_server(tools, ServerToCheck(side, login, secret or "", email, key))
        for side, (login, secret) in logins.items()
    }
    reports = dict(zip(checks, await asyncio.gather(*checks.values()), strict=True))
    return TestReport(reports.get(Side.RECEIVE), reports.get(Side.SEND))


async def add_account(tools: Tools, asker: Asker, new: NewAccount) -> str:
    """Connect an account; its id. Nothing is tried: a wrong password shows as its status at the first login.

    Raises Invalid (field names: email, imap, smtp, reply_to, poll_seconds), Conflict where the address is connected
    already, Forbidden for another's account.
    """
    demand(may_add(asker, new.owner_id), "connect an account for someone else")
    email = read_address(new.email)
    if new.imap is None and new.smtp is None:
        raise Invalid(field_errors={"imap": "Give a server to receive with, to send with, or both."})
    imap = None if new.imap is None else _read_new(new.imap, Side.RECEIVE, email, None)
    smtp = None if new.smtp is None else _read_new(new.smtp, Side.SEND, email, new.imap)
    check_can_track(tools, new.settings)
    if asker.role != "admin":
        await _demand_no_contacts(tools, asker, email)
    now = tools.clock()
    async with tools.db.transaction() as tx:
        before = await identity_store.own_addresses(tx, asker.organization_id)
        account_id = await store.add(tx, asker.organization_id, _to_add(new, email, imap, smtp), now)
        account = await store.get(tx, asker.organization_id, account_id)
        for side, given in ((Side.RECEIVE, imap), (Side.SEND, smtp)):
            if given is not None:
                await store.save_login(tx, account, side, given[0], now)
                await _seal(tools, tx, account, (side, given[1]))
        await _defer_work(tools, tx, await store.get(tx, asker.organization_id, account_id))
        await judge_own_change(tools, tx, asker.organization_id, before)
    return account_id


async def update_account(tools: Tools, asker: Asker, account_id: str, edit: AccountEdit) -> None:
    """Change an account. A changed login, or one switched on again, reconnects that side.

    A new host needs the password typed again, so that nobody can have a stored one sent to a server of their choice.
    Raises Invalid, NotFound, Forbidden.
    """
    with unbounded():
        await _update(tools, asker, account_id, edit)


async def _update(tools: Tools, asker: Asker, account_id: str, edit: AccountEdit) -> None:
    now = tools.clock()
    async with tools.db.transaction() as tx:
        account = await _changeable(tx, asker, account_id)
        changed = [
            side
            for side, typed in ((Side.RECEIVE, edit.imap), (Side.SEND, edit.smtp))
            if not isinstance(typed, Keep) and await _change_login(tools, tx, account, (side, typed))
        ]
        if edit.settings is not None:
            checked = _checked(edit.settings)
            if _tracking(checked) != _tracking(account.settings):
                check_can_track(tools, checked)
            await store.save_settings(tx, asker.organization_id, account_id, checked, now)
            await ask_rejudgement(tools, tx, [account], verdicts_changed(account.settings, checked))
            if checked.coworkers_see is not account.settings.coworkers_see:
                await visibility_store.judge_account(tx, asker.organization_id, account_id)
        after = await store.get(tx, asker.organization_id, account_id)
        await store.save_files_own_sent(tx, after, _files_own_sent(after.provider, after.imap, after.smtp))
        changed += _switched_on(account, after)
        if changed:
            await _reconnect(tools, tx, after, changed)


async def reconnect(tools: Tools, asker: Asker, account_id: str) -> None:
    """Try again with the same settings, after something was mended at the provider. Raises NotFound, Forbidden."""
    async with tools.db.transaction() as tx:
        account = await _changeable(tx, asker, account_id)
        await _reconnect(tools, tx, account, list(Side))


async def remove_account(tools: Tools, asker: Asker, account_id: str) -> None:
    """Take an account away: its credentials are deleted, every email stays. Raises NotFound, Forbidden."""
    async with tools.db.transaction() as tx:
        account = await _changeable(tx, asker, account_id)
        before = await identity_store.own_addresses(tx, asker.organization_id)
        await store.mark_removed(tx, asker.organization_id, account_id, tools.clock())
        grant = await oauth_store.delete_grant(tx, asker.organization_id, account_id)
        await give_up_outbox(tx, account, tools.clock())
        await judge_own_change(tools, tx, asker.organization_id, before)
    await forget_mailbox(tools, asker.organization_id, account_id)
    if grant is not None:
        await end_at_provider(tools, asker.organization_id, grant)


async def sync_now(tools: Tools, asker: Asker, account_id: str) -> None:
    """Read the mailbox now, and send what is due, without waiting out a pause of ours. Raises NotFound, Forbidden."""
    async with tools.db.transaction() as tx:
        account = await _changeable(tx, asker, account_id)
        now = tools.clock()
        for side, standing in ((Side.RECEIVE, account.receiving), (Side.SEND, account.sending)):
            if standing.waits(now):
                again = AccountChange(side, replace(standing, retry_after=None))
                await store.save_standing(tx, asker.organization_id, account_id, again, now)
        await _defer_work(tools, tx, account)


async def save_identities(tools: Tools, asker: Asker, account_id: str, identities: Sequence[Identity]) -> None:
    """Replace an account's aliases; its own address always stays among them. Aliases elsewhere wait for their proof.

    Raises Invalid, NotFound, Forbidden.
    """
    given = [Identity(read_address(one.address), one.name.strip()) for one in identities]
    if len(given) > MOST_IDENTITIES:
        raise Invalid(field_errors={"identities": f"At most {MOST_IDENTITIES} addresses are possible."})
    async with tools.db.transaction() as tx:
        account = await _changeable(tx, asker, account_id)
        if account.email_key not in (one.key for one in given):
            given.insert(0, Identity(account.email, account.settings.display_name))
        known = {one.key: one.proof for one in await identity_store.identities(tx, asker.organization_id, account_id)}
        before = await identity_store.own_addresses(tx, asker.organization_id)
        given = [replace(one, proof=_kept(known.get(one.key)) or _proof(account, one, before)) for one in given]
        once = {one.key: one for one in reversed(given)}
        await identity_store.save_identities(tx, account, list(reversed(once.values())), tools.clock())
        await judge_own_change(tools, tx, asker.organization_id, before)
        await ask_rejudgement(tools, tx, [account], WHOSE_IT_IS)


def _kept(proof: str | None) -> str:
    """A proof that stays; what waited may be proven by a domain that is ours meanwhile."""
    return "" if proof in (None, PENDING, DOMAIN) else str(proof)


def _proof(account: ConnectedAccount, one: Identity, own: OwnAddresses) -> str:
    return "own" if one.key == account.email_key else proof_of_new(one.address, own.domains)


async def _demand_no_contacts(tools: Tools, asker: Asker, email: str) -> None:
    """Nothing here proves that the address is theirs, and mail with it would leave the lead of a contact who has it."""
    key = address_key(email)
    with unbounded():
        async with tools.db.reading() as tx:
            own = await identity_store.own_addresses(tx, asker.organization_id)
            if not own.is_coworker(key) and await people_at(tx, asker.organization_id, [key]):
                raise Invalid(field_errors={"email": _CONTACTS})


_CONTACTS = (
    "This is the address of a contact. If it is yours, delete it from the contact first, or ask an admin to connect it."
)


async def save_exclude_patterns(tools: Tools, asker: Asker, account_id: str, patterns: Sequence[str]) -> None:
    """Replace the exclude patterns of an account, or with account "" the organization's, which is for admins.

    Mail that is left out now is taken off its leads, and comes back when the pattern goes. Raises Invalid, NotFound,
    Forbidden.
    """
    read = read_patterns(patterns)
    async with tools.db.transaction() as tx:
        if account_id:
            await ask_rejudgement(tools, tx, [await _changeable(tx, asker, account_id)], LEFT_OUT_BY_PATTERN)
        else:
            demand(asker.role == "admin", "change the patterns of the organization")
            await ask_of_all(tools, tx, asker.organization_id, LEFT_OUT_BY_PATTERN)
        await identity_store.save_exclude_patterns(tx, asker.organization_id, account_id, read, tools.clock())


async def _changeable(tx: Transaction, asker: Asker, account_id: str) -> ConnectedAccount:
    """The account, locked, if it may be changed by this user."""
    account = await store.get_for_update(tx, asker.organization_id, account_id)
    demand(may_change(asker, account) and not account.is_deleted, "change this account")
    return account


def _to_add(
    new: NewAccount, email: str, imap: tuple[ServerLogin, str] | None, smtp: tuple[ServerLogin, str] | None
) -> store.AccountToAdd:
    key = provider(new.provider).key if new.provider else provider_of_address(email).key
    return store.AccountToAdd(
        new.owner_id,
        "custom_email",
        key,
        email,
        _checked(new.settings),
        _files_own_sent(key, imap and imap[0], smtp and smtp[0]),
    )


def _files_own_sent(key: str, imap: ServerLogin | None, smtp: ServerLogin | None) -> bool:
    return imap is not None and smtp is not None and files_own_sent(imap.host, smtp.host, key)


def _tracking(settings: AccountSettings) -> tuple[bool, bool]:
    return settings.track_opens, settings.track_clicks


def _checked(settings: AccountSettings) -> AccountSettings:
    """Settings that make sense, tidied. Raises Invalid."""
    reply_to = settings.reply_to.strip()
    if reply_to:
        try:
            read_address(reply_to)
        except Invalid as error:
            raise Invalid(field_errors={"reply_to": "Write one address alone."}) from error
    if not SHORTEST_POLL_SECONDS <= settings.poll_seconds <= LONGEST_POLL_SECONDS:
        wanted = f"Between {SHORTEST_POLL_SECONDS} seconds and a day."
        raise Invalid(field_errors={"poll_seconds": wanted})
    name = settings.display_name.strip()
    if not name.isprintable() or len(name) > 200:
        raise Invalid(field_errors={"display_name": "A name of one line, at most 200 characters."})
    return replace(settings, reply_to=reply_to, display_name=name)


def _read(typed: TypedServer, side: Side, email: str, imap: TypedServer | None) -> tuple[ServerLogin, str | None]:
    """A login and its password as typed; None where it is to stay. SMTP may leave out what IMAP says for both."""
    login = read_login(typed, side, email)
    password = typed.password
    if password is None and side is Side.SEND and imap is not None:
        same = _is_same_mailbox(login, read_login(imap, Side.RECEIVE, email))
        password = imap.password if same else None
    if password is not None and (len(password) > LONGEST_SECRET or "\x00" in password):
        raise Invalid(field_errors={_field(side): "This cannot be a password."})
    if password == "" and side is Side.SEND:
        return replace(login, user=""), ""  # a relay that wants no login
    return login, password


def _is_same_mailbox(smtp: ServerLogin, imap: ServerLogin) -> bool:
    """Whether one password is meant for both.

    It is never sent to a server of another owner because its field was left empty.
    """
    return smtp.user == imap.user and have_one_owner(imap.host, smtp.host)


def _read_new(typed: TypedServer, side: Side, email: str, imap: TypedServer | None) -> tuple[ServerLogin, str]:
    login, password = _read(typed, side, email, imap)
    if password is None or (not password and side is Side.RECEIVE):
        raise Invalid(field_errors={_field(side): "Type the password."})
    return login, password


def _field(side: Side) -> str:
    return "imap" if side is Side.RECEIVE else "smtp"


async def _change_login(
    tools: Tools, tx: Transaction, account: ConnectedAccount, change: tuple[Side, TypedServer | None]
) -> bool:
    """Save a side as typed; whether anything about its login changed."""
    side, typed = change
    now = tools.clock()
    before = account.imap if side is Side.RECEIVE else account.smtp
    if typed is None:
        if before is not None:
            await store.save_login(tx, account, side, None, now)
        return False
    login, password = _read(typed, side, account.email, None)
    if password is None and (before is None or before.host != login.host):
        raise Invalid(field_errors={_field(side): "Type the password again: this is another server."})
    if login != before:
        await store.save_login(tx, account, side, login, now)
    if password is not None:
        await _seal(tools, tx, account, (side, password))
    return login != before or password is not None


async def _seal(tools: Tools, tx: Transaction, account: ConnectedAccount, given: tuple[Side, str]) -> None:
    side, secret = given
    sealed = tools.vault.seal(secret.encode(), secret_context(account.organization_id, account.id, side))
    await store.save_secret(tx, account.organization_id, account.id, side, sealed)
    await oauth_store.drop_feature(tx, account.organization_id, account.id, SIDE_FEATURE[side])


def _switched_on(before: ConnectedAccount, after: ConnectedAccount) -> list[Side]:
    sides = ((Side.RECEIVE, before.syncs, after.syncs), (Side.SEND, before.sends, after.sends))
    return [side for side, did, does in sides if does and not did]


async def _reconnect(tools: Tools, tx: Transaction, account: ConnectedAccount, sides: Sequence[Side]) -> None:
    """Forget why these sides were refused, and let their work go on."""
    now = tools.clock()
    for side in sides:
        await store.save_standing(tx, account.organization_id, account.id, AccountChange(side, Standing()), now)
    await _defer_work(tools, tx, account)


async def _defer_work(tools: Tools, tx: Transaction, account: ConnectedAccount) -> None:
    """Hints for what this account may now do: read the mailbox, empty the outbox."""
    payload = {"organization_id": account.organization_id, "account_id": account.id}
    if account.syncs:
        await tools.jobs.defer(tx, jobs.PULL_NEW, payload)
    if account.sends:
        await tools.jobs.defer(tx, jobs.DELIVER_DUE, payload)
