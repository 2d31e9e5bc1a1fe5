"""Suppressed addresses: asked for in sets, several reasons each, logged, undone; when a bounce suppresses."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from postroom.ground.errors import Invalid
from postroom.rooms.suppression import store
from postroom.rooms.suppression.store import Wanted
from postroom.rooms.suppression.suppression import (
    Bounce,
    BounceKind,
    Kind,
    NewSuppression,
    Source,
    UnsubscribeMode,
    checked_address,
    suppressed_by,
)
from tests.journeys.office import START, Office, open_office


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as made:
        yield made


def said_no(address: str, kind: Kind = Kind.UNSUBSCRIBED) -> NewSuppression:
    return NewSuppression(address, kind, Source.PAGE, "no more, please")


async def test_a_set_of_addresses_is_asked_for_at_once_and_in_any_spelling(office: Office) -> None:
    org = office.organization_id
    async with office.tools.db.transaction() as tx:
        await store.suppress(tx, org, [said_no("Zoë@BÜCHER.example"), said_no("bob@acme.example")], START)
        await store.suppress(tx, org, [said_no("bob@acme.example", Kind.HARD_BOUNCE)], START)
        keys = ["zoë@xn--bcher-kva.example", "bob@acme.example", "eve@acme.example"]
        found = await store.suppressed(tx, org, keys)
        none = await store.suppressed(tx, "orga_other", keys)
    assert set(found) == {"zoë@xn--bcher-kva.example", "bob@acme.example"}
    assert {one.kind for one in found["bob@acme.example"]} == {Kind.UNSUBSCRIBED, Kind.HARD_BOUNCE}
    assert none == {}


async def test_a_reason_is_added_once_and_its_first_date_stays(office: Office) -> None:
    org = office.organization_id
    async with office.tools.db.transaction() as tx:
        first = await store.suppress(tx, org, [said_no("bob@acme.example")] * 2, START)
        again = await store.suppress(tx, org, [said_no("BOB@acme.example")], START + timedelta(days=1))
        found = await store.suppressed(tx, org, ["bob@acme.example"])
        log = await store.log_of(tx, org, "bob@acme.example")
    assert (len(first), again) == (1, [])
    assert [one.date_created for one in found["bob@acme.example"]] == [START]
    assert [one.action for one in log] == ["added"]


async def test_taking_a_reason_off_leaves_the_others_and_is_logged(office: Office) -> None:
    org = office.organization_id
    async with office.tools.db.transaction() as tx:
        await store.suppress(
            tx, org, [said_no("bob@acme.example"), said_no("bob@acme.example", Kind.HARD_BOUNCE)], START
        )
        undo = NewSuppression("bob@acme.example", Kind.HARD_BOUNCE, Source.USER, user_id=office.admin.id)
        lifted = await store.lift(tx, org, [undo, undo], START + timedelta(hours=1))
        found = await store.suppressed(tx, org, ["bob@acme.example"])
        log = await store.log_of(tx, org, "bob@acme.example")
        events = await (
            await tx.execute("select object_type, action from events where organization_id = %s order by seq", (org,))
        ).fetchall()
    assert lifted == [undo]
    assert [one.kind for one in found["bob@acme.example"]] == [Kind.UNSUBSCRIBED]
    assert (log[0].action, log[0].kind, log[0].user_id) == ("removed", Kind.HARD_BOUNCE, office.admin.id)
    assert [one for one in events if "email" in one[0]] == [
        ("unsubscribed_email", "created"), ("suppressed_email", "created"), ("suppressed_email", "deleted"),
    ]  # fmt: skip


async def test_the_list_is_searched_and_paged_newest_first(office: Office) -> None:
    org = office.organization_id
    async with office.tools.db.transaction() as tx:
        for number in range(5):
            await store.suppress(tx, org, [said_no(f"n{number}@acme.example")], START + timedelta(minutes=number))
        await store.suppress(tx, org, [said_no("other@beta.example", Kind.MANUAL)], START)
        page = await store.listed(tx, org, Wanted("acme", limit=2, skip=1))
        manual = await store.listed(tx, org, Wanted(kinds=(Kind.MANUAL,)))
        percent = await store.listed(tx, org, Wanted("%"))
        counts = await store.counts(tx, org)
    assert [one.address for one in page] == ["n3@acme.example", "n2@acme.example"]
    assert [one.address for one in manual] == ["other@beta.example"]
    assert percent == []
    assert counts == {Kind.UNSUBSCRIBED: 5, Kind.MANUAL: 1}


async def test_unsubscribing_is_on_until_somebody_says_otherwise(office: Office) -> None:
    org = office.organization_id
    async with office.tools.db.transaction() as tx:
        assert await store.unsubscribe_mode(tx, org) is UnsubscribeMode.ON
        await store.save_unsubscribe_mode(tx, org, UnsubscribeMode.REQUIRED, (office.admin.id, START))
        assert await store.unsubscribe_mode(tx, org) is UnsubscribeMode.REQUIRED
        assert await store.unsubscribe_mode(tx, "orga_other") is UnsubscribeMode.ON


@pytest.mark.parametrize(
    ("kind", "soft", "age_days", "expected"),
    [
        (BounceKind.HARD, 0, 0, (Kind.HARD_BOUNCE,)),
        (BounceKind.HARD, 0, 91, ()),
        (BounceKind.SOFT, 1, 0, ()),
        (BounceKind.SOFT, 2, 0, ()),
        (BounceKind.SOFT, 3, 0, (Kind.SOFT_BOUNCE,)),
        (BounceKind.DELAYED, 9, 0, ()),
        (BounceKind.COMPLAINT, 0, 0, (Kind.COMPLAINT, Kind.UNSUBSCRIBED)),
    ],
)
def test_what_a_bounce_does_to_its_address(
    kind: BounceKind, soft: int, age_days: int, expected: tuple[Kind, ...]
) -> None:
    bounce = Bounce("acti_1", "bob@acme.example", kind, "", "", "key", START - timedelta(days=age_days))
    assert suppressed_by(bounce, soft, START) == expected


@pytest.mark.parametrize("text", ["", "bob", "bob@acme.example, eve@acme.example", "b" * 400 + "@acme.example"])
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        checked_address(text)
