"""Links that are proposed and decided, and the ledger judged anew when a rule changes."""

import imaplib
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from postroom.ground.errors import Forbidden, Invalid, NotFound
from postroom.journeys import connect, link_rules
from postroom.journeys.connect import AccountEdit
from postroom.journeys.link_rules import Verdict as Said
from postroom.journeys.rejudge import rejudge
from postroom.journeys.sender_decisions import take_back
from postroom.journeys.steps.decided_sender import sender_of
from postroom.journeys.steps.propose_links import opened
from postroom.rooms.accounts import store
from postroom.rooms.links import decision_store
from postroom.rooms.mailbox.sightings import Verdict
from tests.journeys.desk import Desk
from tests.journeys.office import letter

ANNA, BOB = "anna@acme.example", "bob.miller@bolt.example"


async def change(desk: Desk, **settings: object) -> None:
    """As the owner does in the form; then what the worker does."""
    tools, org = desk.office.tools, desk.office.organization_id
    async with tools.db.transaction() as tx:
        account = await store.get(tx, org, desk.account_id)
    edit = AccountEdit(replace(account.settings, **settings))
    await connect.update_account(tools, desk.office.asker(desk.user), desk.account_id, edit)
    await work(desk)


async def exclude(desk: Desk, *patterns: str) -> None:
    asker = desk.office.asker(desk.user)
    await connect.save_exclude_patterns(desk.office.tools, asker, desk.account_id, list(patterns))
    await work(desk)


async def work(desk: Desk) -> None:
    for _ in range(20):
        await rejudge(desk.office.tools, desk.office.organization_id, desk.account_id)
        if not await desk.office.rows("select 1 from rejudgements"):
            return
    raise AssertionError("it never ends")


async def proposals(desk: Desk) -> list[tuple[str, str, str]]:
    """Id, sender and subject of what is proposed."""
    org = desk.office.organization_id
    rows = await desk.office.rows("select id, shown from link_proposals order by date, id")
    read = [(row[0], opened(desk.office.tools, org, row[0], bytes(row[1]))) for row in rows]
    return [(key, shown.sender, shown.subject) for key, shown in read if shown is not None]


async def say(desk: Desk, *ids: str, accepts: bool, by_sender: bool = False) -> int:
    asker = desk.office.asker(desk.user)
    settled = await link_rules.decide(desk.office.tools, asker, Said(ids, accepts, by_sender))
    await desk.office.backfill(desk.account_id)
    return settled


async def test_company_mail_is_proposed_sealed_accepted_by_sender_and_learned(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    for subject in ("One", "Two"):
        desk.deliver(letter("carla@bolt.example", ANNA, subject))
    desk.deliver(letter("eve@gmail.com", ANNA, "Private"))
    await desk.pull()
    assert await proposals(desk) == [], "nobody has asked for proposals"
    await change(desk, link_by_domain=True)
    found = await proposals(desk)
    assert sorted(subject for _, _, subject in found) == ["One", "Two"]
    readable = await desk.office.rows("select link_proposals::text from link_proposals")
    assert "carla" not in str(readable) and "One" not in str(readable)
    assert await say(desk, found[0][0], accepts=True, by_sender=True) == 2
    assert sorted(await desk.office.subjects(lead)) == ["One", "Two"]
    assert await proposals(desk) == []
    desk.deliver(letter("carla@bolt.example", ANNA, "Three"))
    await desk.pull()
    assert sorted(await desk.office.subjects(lead)) == ["One", "Three", "Two"]
    assert await desk.office.rows("select distinct reason from emails") == [(5,)]
    assert await desk.adds_up()


async def test_one_message_is_accepted_and_its_neighbour_refused_for_good(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    await change(desk, link_by_domain=True)
    for subject in ("Yes", "No"):
        desk.deliver(letter("carla@bolt.example", ANNA, subject))
    await desk.pull()
    by_subject = {subject: key for key, _, subject in await proposals(desk)}
    await say(desk, by_subject["Yes"], accepts=True)
    await say(desk, by_subject["No"], accepts=False)
    assert await desk.office.subjects(lead) == ["Yes"]
    assert (await desk.office.ledger(desk.account_id))["INBOX"] == {Verdict.KEPT: 1, Verdict.REFUSED: 1}
    await change(desk, link_by_name=True)
    desk.renumber("INBOX")
    await desk.pull()
    assert await proposals(desk) == [], "what was refused is not asked again"
    assert (await desk.office.ledger(desk.account_id))["INBOX"] == {Verdict.KEPT: 1, Verdict.REFUSED: 1}


async def test_a_refused_sender_is_not_proposed_again(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    await change(desk, link_by_domain=True)
    desk.deliver(letter("news@bolt.example", ANNA, "Weekly 1"))
    await desk.pull()
    [(key, _, _)] = await proposals(desk)
    await say(desk, key, accepts=False, by_sender=True)
    desk.deliver(letter("news@bolt.example", ANNA, "Weekly 2"))
    await desk.pull()
    assert await proposals(desk) == []
    with pytest.raises(NotFound):
        await say(desk, key, accepts=True)


async def test_what_was_decided_by_sender_is_listed_sealed_and_taken_back(desk: Desk, second_desk: Desk) -> None:
    office, org = desk.office, desk.office.organization_id
    lead = await office.lead("Bolt", BOB)
    await change(desk, link_by_domain=True)
    for sender in ("news@bolt.example", "carla@bolt.example"):
        desk.deliver(letter(sender, ANNA, f"From {sender}"))
    await desk.pull()
    by_sender = {sender: key for key, sender, _ in await proposals(desk)}
    await say(desk, by_sender["news@bolt.example"], accepts=False, by_sender=True)
    await say(desk, by_sender["carla@bolt.example"], accepts=True, by_sender=True)
    async with office.tools.db.transaction() as tx:
        found = await decision_store.sender_decisions(tx, org, desk.user.id, (10, 0))
        assert await decision_store.sender_decisions(tx, org, second_desk.user.id, (10, 0)) == [], "not a coworker's"
    place = (org, desk.account_id)
    named = {sender_of(office.tools, place, ((one.key, one.lead_id), one.shown)): one for one in found}
    assert {sender: one.is_accepted for sender, one in named.items()} == {
        "news@bolt.example": False, "carla@bolt.example": True
    }  # fmt: skip
    assert "news@" not in str(await office.rows("select link_decisions::text from link_decisions"))
    refused, accepted = named["news@bolt.example"], named["carla@bolt.example"]
    with pytest.raises(Forbidden):
        await take_back(office.tools, office.asker(second_desk.user), desk.account_id, (refused.key, refused.lead_id))
    for one in (refused, accepted):
        await take_back(office.tools, office.asker(desk.user), desk.account_id, (one.key, one.lead_id))
    with pytest.raises(NotFound):
        await take_back(office.tools, office.asker(desk.user), desk.account_id, (refused.key, refused.lead_id))
    await work(desk)
    assert [sender for _, sender, _ in await proposals(desk)] == ["news@bolt.example"], "asked again"
    assert await office.subjects(lead) == ["From carla@bolt.example"], "what was linked stays"
    desk.deliver(letter("carla@bolt.example", ANNA, "Later"))
    await desk.pull()
    assert "Later" in [subject for _, _, subject in await proposals(desk)]
    assert await desk.adds_up()


async def test_a_pattern_is_tried_on_the_whole_ledger(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    await change(desk, link_by_domain=True)
    senders = (BOB, "news@bolt.example", "x@rival.example", "y@rival.example", "x@rival.example")
    for number, sender in enumerate(senders):
        desk.deliver(letter(sender, ANNA, f"Mail {number}"))
    await desk.pull()
    asker = desk.office.asker(desk.user)
    trial = await link_rules.try_patterns(desk.office.tools, asker, desk.account_id, ["news@*", "x@rival.example"])
    assert (trial.emails, trial.logged, trial.waiting, trial.seen, trial.unlogged) == (0, 1, 1, 5, 2)
    trial = await link_rules.try_patterns(desk.office.tools, desk.office.asker(desk.office.admin), "", [f"{BOB}"])
    assert (trial.emails, trial.waiting, trial.unlogged, trial.examples) == (1, 0, 0, (BOB,))


async def test_a_namesake_is_proposed_by_a_second_sign_and_never_by_name_alone(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    await desk.office.rows("update contacts set name = 'Bob Miller' returning id")
    await change(desk, link_by_name=True)
    desk.deliver(letter("Bob Miller <bob.miller@gmail.com>", ANNA, "From home"))
    desk.deliver(letter("Bob Miller <bm@gmx.de>", ANNA, "Another Bob"))
    await desk.pull()
    assert [subject for _, _, subject in await proposals(desk)] == ["From home"]


async def test_with_confirmation_for_all_nothing_is_logged_unasked(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    await change(desk, auto_link=False)
    desk.deliver(letter(BOB, ANNA, "First"))
    await desk.pull()
    [(key, sender, subject)] = await proposals(desk)
    assert (sender, subject) == (BOB, "First") and await desk.office.subjects(lead) == []
    await say(desk, key, accepts=True, by_sender=True)
    desk.deliver(letter(BOB, ANNA, "Second"))
    await desk.pull()
    assert sorted(await desk.office.subjects(lead)) == ["First", "Second"]


async def test_only_the_owner_decides(desk: Desk, second_desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    await change(desk, link_by_domain=True)
    desk.deliver(letter("carla@bolt.example", ANNA, "One"))
    await desk.pull()
    [(key, _, _)] = await proposals(desk)
    for other in (second_desk.user, desk.office.admin):
        with pytest.raises(Forbidden):
            await link_rules.decide(desk.office.tools, desk.office.asker(other), Said([key], True))
    with pytest.raises(Invalid):
        await link_rules.decide(desk.office.tools, desk.office.asker(desk.user), Said([], True))


async def test_a_pattern_is_tried_takes_mail_off_and_its_end_brings_it_back(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB, "noreply@bolt.example")
    desk.deliver(letter(BOB, ANNA, "Person"))
    for number in range(3):
        desk.deliver(letter("noreply@bolt.example", ANNA, f"Machine {number}"))
    await desk.pull()
    asker = desk.office.asker(desk.user)
    trial = await link_rules.try_patterns(desk.office.tools, asker, desk.account_id, ["noreply@*", "x@*"])
    assert (trial.emails, trial.logged, trial.by_pattern) == (3, 4, {"noreply@*": 3})
    assert trial.examples == ("noreply@bolt.example",)
    assert len(await desk.office.subjects(lead)) == 4, "a trial changes nothing"
    await exclude(desk, "noreply@*")
    assert await desk.office.subjects(lead) == ["Person"]
    assert (await desk.office.ledger(desk.account_id))["INBOX"] == {Verdict.KEPT: 1, Verdict.EXCLUDED: 3}
    assert await desk.office.rows("select num_emails from leads") == [(1,)]
    assert await desk.adds_up()
    await exclude(desk)
    assert len(await desk.office.subjects(lead)) == 4
    assert await desk.office.rows("select num_emails from leads") == [(4,)]
    assert await desk.adds_up()


async def test_what_another_mailbox_keeps_stays_on_the_lead(desk: Desk, second_desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    both = letter(BOB, ANNA, "To both", cc="ben@acme.example")
    desk.deliver(both)
    second_desk.deliver(both)
    await desk.pull()
    await second_desk.pull()
    await exclude(desk, "*@bolt.example")
    assert await desk.office.subjects(lead) == ["To both"]
    await exclude(second_desk, "*@bolt.example")
    assert await desk.office.subjects(lead) == []


async def test_another_history_window_takes_effect_at_once_both_ways(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    client = desk.client()
    for subject, days in (("Old", 100), ("New", 1)):
        received = imaplib.Time2Internaldate(time.time() - days * 86_400)
        client.append("INBOX", "", received, letter(BOB, ANNA, subject, days_ago=days))
    await desk.pull()
    await change(desk, history_from=desk.office.tools.clock() - timedelta(days=30))
    assert await desk.office.subjects(lead) == ["New"]
    await change(desk, history_from=None)
    assert await desk.office.subjects(lead) == ["Old", "New"]
