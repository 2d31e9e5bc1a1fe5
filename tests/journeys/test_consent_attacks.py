"""A provider's sign-in under attack: codes of others, browsers of others, providers mixed up."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from postroom.ground.errors import Invalid, NeedsUser
from postroom.journeys import consent
from postroom.journeys.consent import Browser, ClientToRegister, Return, Wish
from postroom.rooms.accounts.account import Encryption
from postroom.rooms.accounts.oauth import ClientSettings, Feature
from postroom.rooms.accounts.provider import Server
from tests.journeys.test_consent import EMAIL, Desk, asking_dovecot, desk, provider
from tests.servers.oauth import oauth_server

__all__ = ["asking_dovecot", "desk", "provider"]


async def test_a_code_of_one_provider_is_worth_nothing_at_another(desk: Desk) -> None:
    """Mix-up (RFC 9700 4.4): the state says where its code is taken, and PKCE that it is of this sign-in."""
    with oauth_server(timedelta(hours=1)) as stranger:
        settings = ClientSettings(
            name="Stranger",
            authorize_url=f"{stranger.url}/oauth2/authorize",
            token_url=f"{stranger.url}/oauth2/token",
            imap=Server("127.0.0.1", 9, Encryption.NONE),
        )
        asker = desk.office.asker(desk.office.admin)
        await consent.register_client(desk.tools, asker, ClientToRegister("stranger", "postroom", "", settings))
        there = await consent.leave(desk.tools, desk.browser, Wish("stranger", frozenset({Feature.SYNC}), EMAIL))
        here = await asyncio.to_thread(desk.provider.agree, await desk.leave(), EMAIL)
        state = parse_qs(urlsplit(there).query)["state"][0]
        with pytest.raises(NeedsUser):
            await desk.come_back({"state": state, "code": here["code"]})
    assert await desk.office.rows("select 1 from connected_accounts") == []


async def test_a_coworkers_browser_does_not_finish_anothers_sign_in(desk: Desk) -> None:
    """An attacker sends a link with a code of their own: the victim would write from the attacker's mailbox."""
    answer = await asyncio.to_thread(desk.provider.agree, await desk.leave(), EMAIL)
    victim = await desk.office.user("victim@acme.example")
    for session in (b"this browser", b"the victim's"):
        with pytest.raises(Invalid, match="Start again"):
            browser = Browser(desk.office.asker(victim), session)
            await consent.come_back(desk.tools, browser, Return(answer["state"], answer["code"]))
    assert await desk.office.rows("select 1 from connected_accounts") == []


async def test_a_stolen_code_is_worth_nothing(desk: Desk) -> None:
    """PKCE: the code belongs to the sign-in it was asked for in."""
    first = await asyncio.to_thread(desk.provider.agree, await desk.leave(), EMAIL)
    second = await asyncio.to_thread(desk.provider.agree, await desk.leave(), EMAIL)
    with pytest.raises(NeedsUser):
        await desk.come_back({"state": first["state"], "code": second["code"]})
