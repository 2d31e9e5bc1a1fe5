"""Prove that an alias of another domain is the account's own, before anything is sent as it or counts as ours.

begin     T   the account, its alias, and who mails a code
          N   does the mail server itself say so? it lets this login send as the alias and as nobody made up
          T   then it is proven; else a code is kept, its hash alone,
          N   and mailed to the alias
confirm   T   the code as it was typed; five tries, one hour

Whoever asks chose the account's server, and reads its Sent folder: so a server's word counts only if the server is a
known provider's or one that an admin's account uses too, and the code goes out by an admin's account, not by theirs.
An admin who asks for a coworker's account, or a team's, says so with that.
"""

import asyncio
import hashlib
import hmac
import secrets
from datetime import timedelta

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid, NotFound, Permanent, Temporary
from postroom.ground.ids import new_id
from postroom.journeys.steps.ask_rejudgement import WHOSE_IT_IS, ask_rejudgement
from postroom.journeys.steps.credentials import login_to_try, smtp_settings_of
from postroom.journeys.steps.judge_own_change import judge_own_change
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store, store
from postroom.rooms.accounts.access import Asker, demand, may_change
from postroom.rooms.accounts.account import ConnectedAccount, Side, Status
from postroom.rooms.accounts.identities import CODE_WORDS, Identity
from postroom.rooms.accounts.providers import provider_behind
from postroom.rooms.users.member_store import admin_ids, preferences
from postroom.wire.mime.address_key import address_key
from postroom.wire.mime.addresses import domain_of
from postroom.wire.mime.compose import compose
from postroom.wire.mime.types import Address, OutgoingContent
from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.dialogue import ConnectionLost
from postroom.wire.smtp.session import Session, open_session
from postroom.wire.smtp.types import Outcome

CODE_LASTS = timedelta(hours=1)
MOST_TRIES = 5
_LONGEST_SECONDS = 60.0


async def begin_proof(tools: Tools, asker: Asker, account_id: str, email: str) -> bool:
    """True where the mail server confirmed the alias; else a code is on its way to it.

    Raises NotFound, Forbidden, Invalid, and what kept the code from being mailed.
    """
    async with tools.db.transaction() as tx:
        account, alias = await _alias(tx, asker, account_id, email)
        courier = await _courier(tx, asker, account)
        is_believed = await _is_believed(tx, asker, account)
    if alias.is_proven:
        return True
    if asker.role == "admin" and account.user_id != asker.user_id:
        await _prove(tools, asker, (account, alias), "admin")
        return True
    if account.smtp is None:
        raise Invalid("This account sends nothing, so it needs no proof and cannot mail one.")
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            if is_believed and await _server_confirms(tools, account, alias.address):
                await _prove(tools, asker, (account, alias), "server")
                return True
            await _mail_code(tools, asker, (account, alias), courier)
    except TimeoutError as error:
        raise Temporary("The mail server took too long. Try again.") from error
    return False


async def _courier(tx: Transaction, asker: Asker, account: ConnectedAccount) -> ConnectedAccount | None:
    """Whose account mails the code: an admin's, as its asker could read it in the Sent folder of their own."""
    if asker.role == "admin":
        return account
    for owner_id in await admin_ids(tx, asker.organization_id):
        found = await store.default_account(tx, asker.organization_id, owner_id)
        if found is not None and found.sending.status is Status.OK:
            return found
    return None


async def _is_believed(tx: Transaction, asker: Asker, account: ConnectedAccount) -> bool:
    """Whether the account's server is one that its owner cannot have set up to say what they like."""
    if asker.role == "admin" or account.smtp is None:
        return asker.role == "admin"
    if provider_behind(account.smtp.host, Side.SEND, "custom").key != "custom":
        return True
    admins = await admin_ids(tx, asker.organization_id)
    everybodys = await store.list_all(tx, asker.organization_id)
    trusted = [one for one in everybodys if one.user_id in admins and one.sending.status is Status.OK]
    return any(one.smtp is not None and one.smtp.host == account.smtp.host for one in trusted)


async def confirm(tools: Tools, asker: Asker, account_id: str, email: str, code: str) -> None:
    """Raises Invalid for a wrong or late code, NotFound, Forbidden."""
    async with tools.db.transaction() as tx:
        account, alias = await _alias(tx, asker, account_id, email)
        kept = await identity_store.try_code(tx, (asker.organization_id, account_id), alias.key, tools.clock())
    if kept is None or kept[1] > MOST_TRIES:
        raise Invalid(field_errors={"code": "This code has ended. Ask for a new one."})
    if not hmac.compare_digest(kept[0], _hash(tools, asker.organization_id, code.strip())):
        raise Invalid(field_errors={"code": "This is not the code that was mailed."})
    await _prove(tools, asker, (account, alias), "code")


async def _alias(tx: Transaction, asker: Asker, account_id: str, email: str) -> tuple[ConnectedAccount, Identity]:
    account = await store.get(tx, asker.organization_id, account_id)
    if account.is_deleted:
        raise NotFound("There is no such connected account.")
    demand(may_change(asker, account), "change this account")
    known = {one.key: one for one in await identity_store.identities(tx, asker.organization_id, account_id)}
    alias = known.get(address_key(email.strip()))
    if alias is None:
        raise NotFound(f"{email} is no alias of this account. Add it first.")
    return account, alias


async def _server_confirms(tools: Tools, account: ConnectedAccount, alias: str) -> bool:
    """Many servers take any sender from whoever has signed in; only one that refuses a made-up neighbour proves it."""
    if not alias.isascii():
        return False
    made_up = f"postroom-{secrets.token_hex(8)}@{alias.rpartition('@')[2]}"
    async with await _session(tools, account) as session:
        try:
            if (await session.ask(f"MAIL FROM:<{made_up}>".encode())).is_good:
                return False
            return (await session.ask(f"MAIL FROM:<{alias}>".encode())).is_good
        except ConnectionLost as error:
            raise Temporary(f"The connection to the mail server was lost: {error}.") from error


async def _session(tools: Tools, account: ConnectedAccount) -> Session:
    used = await login_to_try(tools, account.organization_id, account.id, Side.SEND)
    return await open_session(smtp_settings_of(tools, used.login, used.secret))


async def _prove(tools: Tools, asker: Asker, named: tuple[ConnectedAccount, Identity], proof: str) -> None:
    account, alias = named
    async with tools.db.transaction() as tx:
        before = await identity_store.own_addresses(tx, asker.organization_id)
        await identity_store.note_proof(tx, account, alias.key, proof, tools.clock())
        await judge_own_change(tools, tx, asker.organization_id, before)
        await ask_rejudgement(tools, tx, [account], WHOSE_IT_IS)


async def _new_code(tools: Tools, named: tuple[ConnectedAccount, Identity]) -> str:
    account, alias = named
    code = f"{secrets.randbelow(10**8):08d}"
    place = (account.organization_id, account.id)
    async with tools.db.transaction() as tx:
        hashed = _hash(tools, account.organization_id, code)
        await identity_store.save_code(tx, place, alias.key, hashed, tools.clock() + CODE_LASTS)
    return code


async def _mail_code(
    tools: Tools, asker: Asker, named: tuple[ConnectedAccount, Identity], courier: ConnectedAccount | None
) -> None:
    """In the language of who asks: whose the alias is reads it too."""
    if courier is None:
        raise Conflict("No admin's account can mail a code now. An admin can confirm the alias on this page instead.")
    async with tools.db.transaction() as tx:
        chosen = await preferences(tx, asker.organization_id, asker.user_id)
    async with await _session(tools, courier) as session:
        code = await _new_code(tools, named)
        content = _letter(tools, courier, named, (code, str(chosen.get("language", "en"))))
        reply = await deliver(session, courier.email, (named[1].address,), compose(content).for_smtp)
    if reply.outcome is not Outcome.ACCEPTED:
        raise Permanent(f"The code could not be mailed to {named[1].address}: {reply.server_words}")


def _letter(
    tools: Tools, courier: ConnectedAccount, named: tuple[ConnectedAccount, Identity], said: tuple[str, str]
) -> OutgoingContent:
    (account, alias), (code, language) = named, said
    words = CODE_WORDS.get(language, CODE_WORDS["en"])
    return OutgoingContent(
        message_id=f"<{new_id('alias')}@{domain_of(courier.email)}>",
        date=tools.clock(),
        from_=Address("Postroom", courier.email),
        to=(Address("", alias.address),),
        subject=words.subject.format(code=f"{code[:4]} {code[4:]}", alias=alias.address),
        text=words.text.format(code=code, alias=alias.address, account=account.email),
        extra_headers=(("Auto-Submitted", "auto-generated"),),
    )


def _hash(tools: Tools, organization_id: str, code: str) -> bytes:
    key = tools.vault.hash_key("alias_code", organization_id)
    digits = "".join(letter for letter in code if letter.isdigit())
    return hashlib.blake2b(digits.encode(), key=key, digest_size=32).digest()
