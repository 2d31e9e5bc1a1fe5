"""Accounts connected by a provider's sign-in: a real OAuth provider and a Dovecot that asks it, on loopback."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from postroom.ground.errors import Conflict, Forbidden, Invalid, NeedsUser, NotFound, Remedy, Temporary
from postroom.ground.vault import Vault, new_key, read_key_file
from postroom.journeys import connect, consent
from postroom.journeys.arrive import pull_new
from postroom.journeys.consent import Browser, ClientToRegister, Return, Wish
from postroom.journeys.reseal import reseal_secrets
from postroom.journeys.steps.credentials import AccessToken, login_to_use, smtp_settings
from postroom.journeys.steps.open_mailbox import forget_mailbox, open_mailbox
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import oauth_store, store
from postroom.rooms.accounts.account import ConnectedAccount, Encryption, Side, Status
from postroom.rooms.accounts.oauth import ClientSettings, Feature
from postroom.rooms.accounts.oauth_store import Grant
from postroom.rooms.accounts.provider import Server
from postroom.rooms.accounts.typed_server import TypedServer
from postroom.rooms.users.user import ActingUser
from postroom.wire.smtp.session import open_session as open_smtp
from tests.journeys.office import Office, letter
from tests.servers.dovecot import DovecotOptions, DovecotServer, dovecot
from tests.servers.oauth import OauthServer, dovecot_settings, oauth_server
from tests.servers.smtp import smtp_server

HOUR = timedelta(hours=1)
EMAIL = "ada@acme.example"
BOTH = frozenset({Feature.SYNC, Feature.SEND})


@pytest.fixture(scope="module")
def provider() -> Iterator[OauthServer]:
    with oauth_server(HOUR) as server:
        yield server


@pytest.fixture(scope="module")
def asking_dovecot(provider: OauthServer) -> Iterator[DovecotServer]:
    folder = Path(tempfile.mkdtemp(prefix="postroom-oauth-"))
    folder.chmod(0o755)
    try:
        with dovecot(folder, DovecotOptions(settings=dovecot_settings(folder, provider))) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Desk:
    """A user at a browser, in an organization that has registered its client."""

    def __init__(self, office: Office, user: ActingUser, provider: OauthServer) -> None:
        self.office, self.user, self.provider = office, user, provider
        self.browser = Browser(office.asker(user), b"this browser")

    @property
    def tools(self) -> Tools:
        return self.office.tools

    async def leave(self, **wish: object) -> str:
        return await consent.leave(self.tools, self.browser, Wish("house", BOTH, EMAIL, **wish))

    async def sign_in(self, email: str = EMAIL, **wish: object) -> str:
        """To the provider's page and back; the account."""
        answer = await asyncio.to_thread(self.provider.agree, await self.leave(**wish), email)
        return await self.come_back(answer)

    async def come_back(self, answer: dict[str, str]) -> str:
        back = Return(
            answer.get("state", ""), answer.get("code", ""), answer.get("error", ""),
            answer.get("error_description", ""),
        )  # fmt: skip
        return await consent.come_back(self.tools, self.browser, back)

    async def account(self, account_id: str) -> ConnectedAccount:
        async with self.tools.db.transaction() as tx:
            return await store.get(tx, self.office.organization_id, account_id)

    async def grant(self, account_id: str) -> Grant:
        async with self.tools.db.transaction() as tx:
            found = await oauth_store.grant_of(tx, self.office.organization_id, account_id)
        assert found is not None
        return found

    async def token(self, account_id: str, tools: Tools | None = None) -> AccessToken:
        used = await login_to_use(tools or self.tools, self.office.organization_id, account_id, Side.RECEIVE)
        assert isinstance(used.secret, AccessToken)
        return used.secret

    def later(self, wait: timedelta) -> Tools:
        clock = self.tools.clock
        return replace(self.tools, clock=lambda: clock() + wait)


@pytest.fixture
async def desk(office: Office, provider: OauthServer, asking_dovecot: DovecotServer) -> AsyncIterator[Desk]:
    settings = ClientSettings(
        name="House",
        authorize_url=f"{provider.url}/oauth2/authorize",
        token_url=f"{provider.url}/oauth2/token",
        imap=Server("127.0.0.1", asking_dovecot.imap_port, Encryption.NONE),
        smtp=Server("127.0.0.1", 9, Encryption.NONE),
    )
    given = ClientToRegister("house", "postroom", "client-secret", settings)
    await consent.register_client(office.tools, office.asker(office.admin), given)
    made = Desk(office, await office.user(EMAIL), provider)
    provider.refreshes, provider.refuse, provider.slow_seconds = 0, None, 0.0
    yield made
    provider.refuse, provider.slow_seconds = None, 0.0


async def test_an_account_is_connected_by_a_sign_in_and_its_mail_arrives(
    desk: Desk, asking_dovecot: DovecotServer
) -> None:
    lead = await desk.office.lead("Lovelace", "bob@client.example")
    asking_dovecot.add_user(EMAIL)
    asking_dovecot.deliver(EMAIL, "INBOX", letter("bob@client.example", EMAIL, "By token"))
    account_id = await desk.sign_in()
    account = await desk.account(account_id)
    assert account.email == EMAIL
    assert account.user_id == desk.user.id
    assert account.syncs
    assert account.sends
    assert account.receiving.status is Status.OK
    await desk.office.pull(account_id)
    assert await desk.office.subjects(lead) == ["By token"]


async def test_the_page_is_asked_for_with_pkce_state_and_a_hint(desk: Desk) -> None:
    asked = parse_qs(urlsplit(await desk.leave()).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["login_hint"] == [EMAIL]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8080/connect/callback"]
    assert len(asked["state"][0]) >= 43


async def test_secrets_are_not_readable_in_the_database(desk: Desk) -> None:
    account_id = await desk.sign_in()
    token = await desk.token(account_id)
    rows = await desk.office.rows("select access_token, refresh_token from oauth_grants")
    assert all(token.text.encode() not in bytes(column) for row in rows for column in row)
    secrets = await desk.office.rows("select client_secret from oauth_clients")
    assert b"client-secret" not in bytes(secrets[0][0])
    await desk.leave()
    assert await desk.office.rows("select 1 from oauth_sign_ins") == [(1,)]


async def test_a_sign_in_comes_back_to_its_own_browser_once(desk: Desk, office: Office) -> None:
    answer = await asyncio.to_thread(desk.provider.agree, await desk.leave(), EMAIL)
    elsewhere = Browser(desk.browser.asker, b"another browser")
    with pytest.raises(Invalid, match="another browser"):
        await consent.come_back(desk.tools, elsewhere, Return(answer["state"], answer["code"]))
    await desk.come_back(answer)
    with pytest.raises(Invalid, match="Start again"):
        await desk.come_back(answer)


async def test_a_sign_in_that_took_too_long_is_begun_anew(desk: Desk) -> None:
    answer = await asyncio.to_thread(desk.provider.agree, await desk.leave(), EMAIL)
    with pytest.raises(Invalid, match="too long ago"):
        await consent.come_back(
            desk.later(timedelta(minutes=16)), desk.browser, Return(answer["state"], answer["code"])
        )


async def test_who_does_not_agree_is_told_so(desk: Desk) -> None:
    answer = await asyncio.to_thread(desk.provider.decline, await desk.leave())
    with pytest.raises(NeedsUser, match="did not allow") as caught:
        await desk.come_back({"state": parse_qs(urlsplit(await desk.leave()).query)["state"][0], **answer})
    assert caught.value.remedy is Remedy.CONSENT


async def test_another_account_than_the_one_meant_is_refused(desk: Desk) -> None:
    account_id = await desk.sign_in()
    with pytest.raises(Conflict, match=r"You signed in as eve@acme\.example, but this account is ada@acme\.example"):
        await desk.sign_in("eve@acme.example", account_id=account_id)
    assert (await desk.grant(account_id)).email == EMAIL


async def test_a_coworkers_account_is_not_taken_over(desk: Desk) -> None:
    await desk.sign_in()
    coworker = Desk(desk.office, await desk.office.user("ben@acme.example"), desk.provider)
    with pytest.raises(Forbidden):
        await coworker.sign_in(EMAIL)


async def test_signing_in_again_is_the_same_account(desk: Desk) -> None:
    account_id = await desk.sign_in()
    assert await desk.sign_in() == account_id
    assert (await desk.grant(account_id)).consent == 2


async def test_nothing_is_renewed_while_the_token_holds(desk: Desk) -> None:
    account_id = await desk.sign_in()
    first = await desk.token(account_id)
    assert await desk.token(account_id) == first
    assert desk.provider.refreshes == 0


async def test_a_token_is_renewed_before_it_ends_and_the_newest_refresh_token_kept(desk: Desk) -> None:
    account_id = await desk.sign_in()
    first = await desk.token(account_id)
    second = await desk.token(account_id, desk.later(timedelta(minutes=56)))
    assert second.version == first.version + 1
    assert second.text != first.text
    # The first refresh token has ended at the provider: only the newest one gives another.
    third = await desk.token(account_id, desk.later(timedelta(days=30)))
    assert third.version == second.version + 1
    assert desk.provider.refreshes == 2


async def test_two_at_once_renew_it_once(desk: Desk) -> None:
    account_id = await desk.sign_in()
    desk.provider.slow_seconds = 0.5
    later = desk.later(timedelta(hours=2))
    tokens = await asyncio.gather(*(desk.token(account_id, later) for _ in range(5)))
    assert desk.provider.refreshes == 1
    assert len({token.text for token in tokens}) == 1
    assert tokens[0].version == 2


async def test_a_refresher_that_died_does_not_lock_the_account(desk: Desk) -> None:
    account_id = await desk.sign_in()
    later = desk.later(timedelta(hours=2))
    async with desk.tools.db.transaction() as tx:
        grant = await oauth_store.grant_of(tx, desk.office.organization_id, account_id)
        assert grant is not None
        died_at = later.clock() - timedelta(minutes=1)
        assert await oauth_store.claim_refresh(tx, desk.office.organization_id, grant, died_at, timedelta(seconds=30))
    assert (await desk.token(account_id, later)).version == 2


@pytest.mark.parametrize("refusal", [(503, "temporarily_unavailable"), (500, ""), (401, "invalid_client")])
async def test_a_failing_token_endpoint_is_waited_for(desk: Desk, refusal: tuple[int, str]) -> None:
    account_id = await desk.sign_in()
    desk.provider.refuse = refusal
    # Near its end the old token still does.
    assert (await desk.token(account_id, desk.later(timedelta(minutes=56)))).version == 1
    after = desk.later(timedelta(hours=2))
    with pytest.raises(Temporary):
        await desk.token(account_id, after)
    account = await desk.account(account_id)
    assert account.receiving.status is Status.OK, "nobody is asked for anything"
    assert account.receiving.retry_after is not None
    assert account.sending.error == "", "the other side has not tried"
    desk.provider.refuse = None
    assert (await desk.token(account_id, desk.later(timedelta(hours=3)))).version == 2


async def test_a_consent_that_was_withdrawn_asks_to_sign_in_again(desk: Desk) -> None:
    account_id = await desk.sign_in()
    await asyncio.to_thread(desk.provider.revoke, EMAIL)
    with pytest.raises(NeedsUser) as caught:
        await desk.token(account_id, desk.later(timedelta(hours=2)))
    assert caught.value.remedy is Remedy.CONSENT
    account = await desk.account(account_id)
    assert account.receiving.status is Status.ERROR
    assert account.receiving.remedy is Remedy.CONSENT
    assert await desk.sign_in(account_id=account_id) == account_id
    assert (await desk.account(account_id)).receiving.status is Status.OK


async def test_a_token_that_ended_early_is_renewed_once_and_work_goes_on(desk: Desk) -> None:
    account_id = await desk.sign_in()
    organization_id = desk.office.organization_id
    await pull_new(desk.tools, organization_id, account_id)
    await asyncio.to_thread(desk.provider.end_access_tokens)
    async with open_mailbox(desk.tools, organization_id, account_id) as session:
        await session.run(b"NOOP", "answer")  # an open connection outlives its token
    await forget_mailbox(desk.tools, organization_id, account_id)
    with pytest.raises(NeedsUser):
        async with open_mailbox(desk.tools, organization_id, account_id):
            raise AssertionError("Dovecot takes an ended token")
    account = await desk.account(account_id)
    assert account.receiving.status is Status.OK
    assert "renewed" in account.receiving.error
    async with open_mailbox(desk.later(timedelta(minutes=1)), organization_id, account_id):
        pass
    assert desk.provider.refreshes == 1
    assert (await desk.account(account_id)).receiving.error == ""
    assert (await desk.grant(account_id)).refused_version is None


async def test_a_server_that_refuses_the_new_token_too_needs_a_person(desk: Desk) -> None:
    account_id = await desk.sign_in()
    organization_id = desk.office.organization_id
    await forget_mailbox(desk.tools, organization_id, account_id)
    for minute in (0, 1):
        tools = desk.later(timedelta(minutes=minute))
        await login_to_use(tools, organization_id, account_id, Side.RECEIVE)  # renewed where it is time to
        await asyncio.to_thread(desk.provider.end_access_tokens)
        with pytest.raises(NeedsUser):
            async with open_mailbox(tools, organization_id, account_id):
                raise AssertionError("Dovecot takes an ended token")
    account = await desk.account(account_id)
    assert account.receiving.status is Status.ERROR
    assert account.receiving.remedy is Remedy.CONSENT
    assert desk.provider.refreshes == 1


async def test_tokens_and_client_secrets_are_sealed_anew(desk: Desk) -> None:
    account_id = await desk.sign_in()
    before = await desk.token(account_id)
    keys = read_key_file(desk.tools.config.key_file)
    turned = replace(desk.tools, vault=Vault([new_key(), *keys]))
    assert await reseal_secrets(turned) == 3
    assert await reseal_secrets(turned) == 0
    assert await desk.token(account_id, turned) == before
    later = turned.clock() + timedelta(hours=2)
    assert (await desk.token(account_id, replace(turned, clock=lambda: later))).version == 2


async def test_mail_is_sent_by_token(desk: Desk) -> None:
    async with smtp_server() as relay:
        account_id = await desk.sign_in()
        await desk.office.rows(
            "update connected_accounts set smtp_port = %s where id = %s returning 1", relay.port, account_id
        )
        token = await desk.token(account_id)
        relay.user(EMAIL, "no password", token.text)
        _, settings = await smtp_settings(desk.tools, desk.office.organization_id, account_id)
        async with await open_smtp(settings) as session:
            assert (await session.ask(b"MAIL FROM:<ada@acme.example>")).is_good


async def test_a_removed_account_keeps_no_token(desk: Desk) -> None:
    account_id = await desk.sign_in()
    await connect.remove_account(desk.tools, desk.browser.asker, account_id)
    assert await desk.office.rows("select 1 from oauth_grants") == []


async def test_a_typed_password_takes_the_place_of_the_token(desk: Desk, asking_dovecot: DovecotServer) -> None:
    account_id = await desk.sign_in()
    typed = TypedServer("127.0.0.1", asking_dovecot.imap_port, "none", EMAIL, "typed")
    await connect.update_account(desk.tools, desk.browser.asker, account_id, connect.AccountEdit(imap=typed))
    used = await login_to_use(desk.tools, desk.office.organization_id, account_id, Side.RECEIVE)
    assert used.secret == "typed"
    sending = await login_to_use(desk.tools, desk.office.organization_id, account_id, Side.SEND)
    assert isinstance(sending.secret, AccessToken)


async def test_only_admins_register_clients(desk: Desk) -> None:
    given = ClientToRegister("google", "id", "secret", ClientSettings())
    with pytest.raises(Forbidden):
        await consent.register_client(desk.tools, desk.browser.asker, given)


async def test_a_provider_without_a_client_cannot_be_left_for(desk: Desk) -> None:
    with pytest.raises(NotFound, match="registered"):
        await consent.leave(desk.tools, desk.browser, Wish("google", BOTH))


async def test_a_stored_secret_is_not_sent_to_another_endpoint(desk: Desk) -> None:
    admin = desk.office.asker(desk.office.admin)
    moved = ClientSettings(
        authorize_url="https://evil.test/a", token_url="https://evil.test/t",
        imap=Server("imap.evil.test", 993, Encryption.TLS),
    )  # fmt: skip
    await consent.register_client(desk.tools, admin, ClientToRegister("house", "postroom", None, moved))
    assert await desk.office.rows("select client_secret from oauth_clients") == [(None,)]


@pytest.mark.parametrize("url", ["", "http://provider.test/token", "ftp://x", "https://user@x.test/", "https://"])
async def test_endpoints_are_reached_by_https_alone(desk: Desk, url: str) -> None:
    settings = ClientSettings(authorize_url="https://x.test/a", token_url=url, imap=Server("x", 993, Encryption.TLS))
    with pytest.raises(Invalid, match="https"):
        await consent.register_client(
            desk.tools, desk.office.asker(desk.office.admin), ClientToRegister("other", "id", "s", settings)
        )
