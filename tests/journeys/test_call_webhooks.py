"""Webhooks called: in order, signed, again after a failure, paused in the end, never into internal networks."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import Event
from postroom.ground.net import AddressPolicy
from postroom.ground.vault import Vault, new_key
from postroom.journeys.call_webhooks import call_webhook
from postroom.journeys.forget_events import forget_old_events
from postroom.journeys.reseal import reseal_secrets
from postroom.journeys.tools import Tools
from postroom.rooms.webhooks import store
from postroom.rooms.webhooks.store import WebhookChange, WebhookToAdd
from postroom.rooms.webhooks.webhook import Wanted, Webhook, key_context
from tests.journeys.killed import survives
from tests.journeys.office import Office, open_office
from tests.servers.in_thread import in_thread
from tests.servers.receiver import Receiver, receiver

KEY = "0123456789abcdef" * 4
LEADS = (Wanted("lead", "created"), Wanted("lead", "updated"))


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as made:
        yield made


@pytest.fixture
async def listener() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


async def subscribed(tools: Tools, organization_id: str, url: str, wanted: tuple[Wanted, ...] = LEADS) -> str:
    sealed = tools.vault.seal(KEY.encode(), key_context(organization_id, "whsub_1"))
    async with tools.db.transaction() as tx:
        new = WebhookToAdd("whsub_1", url, wanted, True, sealed, (0, 0), "user_1")
        await store.insert(tx, organization_id, new, tools.clock())
    return "whsub_1"


async def happens(tools: Tools, organization_id: str, *names: str) -> None:
    """A lead is made for each name, as far as the log knows."""
    for name in names:
        async with tools.db.transaction() as tx:
            one = Event("lead", f"lead_{name}", "created", f"lead_{name}", "user_1", data={"name": name})
            await events.append(tx, organization_id, [one], tools.clock())


async def readable(tools: Tools) -> None:
    """Until no older transaction of the whole server hides what was appended."""

    async def hidden(tx: Transaction) -> bool:
        query = "select 1 from events where xid >= pg_snapshot_xmin(pg_current_snapshot())"
        return await (await tx.execute(query)).fetchone() is not None

    for _ in range(600):
        async with tools.db.transaction() as tx:
            if not await hidden(tx):
                return
        await asyncio.sleep(0.05)
    raise AssertionError("some transaction never ends")


async def called(tools: Tools, organization_id: str) -> Webhook:
    """The webhook after everything that can be read was told."""
    await readable(tools)
    await call_webhook(tools, organization_id, "whsub_1")
    async with tools.db.transaction() as tx:
        return await store.webhook(tx, organization_id, "whsub_1")


async def test_events_are_told_in_order_signed_and_once(office: Office, listener: Receiver) -> None:
    await subscribed(office.tools, office.organization_id, listener.url)
    await happens(office.tools, office.organization_id, *map(str, range(60)))
    webhook = await called(office.tools, office.organization_id)
    assert [one["data"]["name"] for one in listener.taken] == [str(number) for number in range(60)]
    headers, body = listener.calls[0]
    assert all(listener.is_signed(KEY, number) for number in range(60))
    assert headers["content-type"] == "application/json" and headers["host"] in listener.url
    told = json.loads(body)
    assert told["subscription_id"] == "whsub_1" and told["event"]["object_id"] == "lead_0"
    assert abs(int(headers["close-sig-timestamp"]) - datetime.now(UTC).timestamp()) < 60
    assert (webhook.failures_in_row, webhook.latest_error) == (0, "") and webhook.date_delivered
    await called(office.tools, office.organization_id)
    assert len(listener.calls) == 60


async def test_only_what_is_wanted_is_told(office: Office, listener: Receiver) -> None:
    tools, organization_id = office.tools, office.organization_id
    narrowing = {"type": "field_accessor", "field": "data", "filter": {
        "type": "field_accessor", "field": "name", "filter": {"type": "equals", "value": "b"}}}  # fmt: skip
    await subscribed(tools, organization_id, listener.url, (Wanted("lead", "created", narrowing),))
    await happens(tools, organization_id, "a", "b", "c")
    lead = await office.lead("b", "b@bolt.example")
    await called(tools, organization_id)
    assert [one["object_id"] for one in listener.taken] == ["lead_b", lead], "what a thing is now is looked up"


async def test_a_failure_holds_back_what_follows_and_is_tried_again(office: Office, listener: Receiver) -> None:
    tools, organization_id = office.tools, office.organization_id
    await subscribed(tools, organization_id, listener.url)
    await happens(tools, organization_id, "a", "b", "c")
    listener.answers = [200, 500]
    webhook = await called(tools, organization_id)
    assert [one["data"]["name"] for one in listener.taken] == ["a"]
    assert (webhook.failures_in_row, webhook.latest_error) == (1, "The answer was 500.")
    assert timedelta(seconds=3) < webhook.due_at - tools.clock() < timedelta(seconds=6)
    await called(tools, organization_id)
    assert len(listener.calls) == 2, "not before it is due"
    later = replace(tools, clock=lambda: datetime.now(UTC) + timedelta(minutes=1))
    listener.answers = [302]
    webhook = await called(later, organization_id)
    assert webhook.failures_in_row == 2 and "302" in webhook.latest_error, "no redirect is followed"
    latest = replace(tools, clock=lambda: datetime.now(UTC) + timedelta(minutes=3))
    webhook = await called(latest, organization_id)
    assert [one["data"]["name"] for one in listener.taken] == ["a", "b", "c"]
    assert (webhook.failures_in_row, webhook.failing_since, webhook.latest_error) == (0, None, "")


async def test_three_days_of_failure_pause_a_webhook_until_a_person_resumes_it(
    office: Office, listener: Receiver
) -> None:
    tools, organization_id = office.tools, office.organization_id
    await subscribed(tools, organization_id, listener.url)
    await happens(tools, organization_id, "a")
    listener.answers = [500, 410]
    await called(tools, organization_id)
    later = replace(tools, clock=lambda: datetime.now(UTC) + timedelta(hours=73))
    webhook = await called(later, organization_id)
    assert (webhook.status, webhook.pause_reason) == ("paused", "Every try has failed for three days.")
    much_later = replace(tools, clock=lambda: datetime.now(UTC) + timedelta(hours=99))
    await called(much_later, organization_id)
    async with tools.db.transaction() as tx:
        assert await store.webhooks_due(tx, much_later.clock()) == []
    assert len(listener.calls) == 2
    async with tools.db.transaction() as tx:
        resumed = WebhookChange(status="active")
        await store.change(tx, organization_id, ("whsub_1", resumed), ("user_1", tools.clock()))
    webhook = await called(tools, organization_id)
    assert (webhook.status, webhook.failures_in_row, len(listener.taken)) == ("active", 0, 1)


async def test_what_a_name_resolves_to_is_judged_when_it_is_called(office: Office, listener: Receiver) -> None:
    tools = replace(office.tools, addresses=AddressPolicy())
    await subscribed(tools, office.organization_id, listener.url.replace("127.0.0.1", "localhost"))
    await happens(tools, office.organization_id, "a")
    webhook = await called(tools, office.organization_id)
    assert listener.calls == [] and "not a public address" in webhook.latest_error
    assert webhook.failures_in_row == 1


async def test_a_receiver_that_is_away_is_a_failure_like_any_other(office: Office) -> None:
    await subscribed(office.tools, office.organization_id, "https://127.0.0.1:1/hook")
    await happens(office.tools, office.organization_id, "a")
    webhook = await called(office.tools, office.organization_id)
    assert webhook.failures_in_row == 1 and "does not answer" in webhook.latest_error


async def test_a_name_that_dns_does_not_know_is_said_in_words(office: Office) -> None:
    await subscribed(office.tools, office.organization_id, "https://hooks.nowhere.invalid/hook")  # RFC 2606
    await happens(office.tools, office.organization_id, "a")
    webhook = await called(office.tools, office.organization_id)
    assert "hooks.nowhere.invalid does not answer: DNS knows no such name" in webhook.latest_error


async def test_the_sweep_finds_webhooks_with_something_to_tell(office: Office) -> None:
    tools, organization_id = office.tools, office.organization_id
    await subscribed(tools, organization_id, "https://127.0.0.1:1/hook")
    await readable(tools)
    async with tools.db.transaction() as tx:
        assert await store.webhooks_due(tx, tools.clock()) == [(organization_id, "whsub_1")]
    await called(tools, organization_id)
    async with tools.db.transaction() as tx:
        assert await store.webhooks_due(tx, tools.clock()) == [], "all was read, nothing of it was wanted"


async def test_a_webhook_whose_events_are_gone_goes_on_with_what_is_there(office: Office, listener: Receiver) -> None:
    tools, organization_id = office.tools, office.organization_id
    await subscribed(tools, organization_id, listener.url)
    long_ago = replace(tools, clock=lambda: datetime.now(UTC) - timedelta(days=31))
    await happens(long_ago, organization_id, "old")
    await happens(tools, organization_id, "new")
    assert await forget_old_events(tools) == 1
    await called(tools, organization_id)
    assert [one["data"]["name"] for one in listener.taken] == ["new"]


async def test_keys_are_sealed_anew_with_a_newer_key(office: Office, listener: Receiver) -> None:
    tools, organization_id = office.tools, office.organization_id
    await subscribed(tools, organization_id, listener.url)
    newer = new_key()
    both = replace(tools, vault=Vault([newer, *tools.vault._keys.values()]))
    assert await reseal_secrets(both) == 1
    await happens(both, organization_id, "a")
    await called(replace(tools, vault=Vault([newer])), organization_id)
    assert listener.is_signed(KEY)


@pytest.fixture
def listening_apart() -> Iterator[Receiver]:
    """In a thread: the process that calls it is killed."""
    with in_thread(receiver()) as made:
        yield made


@pytest.mark.timeout(300)
def test_a_kill_at_any_step_loses_nothing_and_keeps_the_order(
    database_url: str, tmp_path: Path, listening_apart: Receiver
) -> None:
    async def begin() -> str:
        async with open_office(database_url, tmp_path) as office:
            await subscribed(office.tools, office.organization_id, listening_apart.url)
            await happens(office.tools, office.organization_id, *"abcd")
            await readable(office.tools)
            return office.organization_id

    organization_id = asyncio.run(begin())

    async def work(tools: Tools) -> None:
        await call_webhook(tools, organization_id, "whsub_1")

    kills = 0
    while not survives(database_url, tmp_path, work, 4 + kills % 9):
        kills += 1
        assert kills < 60, "it never comes to its end"
    told = [one["data"]["name"] for one in listening_apart.taken]
    assert kills > 2 and list(dict.fromkeys(told)) == list("abcd"), told
    assert told == sorted(told), "what is told twice is told before anything later"
    same = {one["data"]["name"]: one["id"] for one in listening_apart.taken}
    assert all(same[one["data"]["name"]] == one["id"] for one in listening_apart.taken)
