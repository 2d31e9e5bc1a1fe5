"""Mail made to break its reader: stored within bounds, shown as far as it can be read, and the next mail arrives."""

import asyncio
import time
from datetime import timedelta

import pytest

from postroom.rooms.mailbox.sightings import Verdict
from tests.faults import hostile_mail
from tests.faults.box import Box
from tests.journeys.office import letter

SECONDS_FOR_ALL = 90.0


@pytest.mark.parametrize("kind", ["STRUCTURE", "PATTERNS", "BYTES", "HEADERS"])
async def test_hostile_mail_is_stored_in_bounded_time_and_stops_nothing(box: Box, kind: str) -> None:
    """25, 27, 28, 29, 35: every one of them stands on the lead, the ledger adds up, and what comes next arrives."""
    mails: dict[str, bytes] = getattr(hostile_mail, kind)
    for raw in mails.values():
        box.inbox.deliver(raw)
    begun = time.monotonic()
    await box.pull()
    assert time.monotonic() - begun < SECONDS_FOR_ALL
    stored = {ids[0].strip("<>").split("@")[0] for (ids,) in await box.rows("select message_ids from emails")}
    assert stored == set(mails)
    assert await box.verdicts() == {Verdict.KEPT: len(mails)}
    box.deliver("Next")
    await box.pull()
    assert "Next" in await box.subjects()
    assert await box.adds_up()


async def test_words_under_a_false_charset_are_read(box: Box) -> None:
    """28, 29: what can be known of the text is shown."""
    for raw in hostile_mail.BYTES.values():
        box.inbox.deliver(raw)
    await box.pull()
    text = {
        ids[0].strip("<>").split("@")[0]: (subject, body)
        for ids, subject, body in await box.rows("select message_ids, subject, body_text from emails")
    }
    assert "漢字" in text["no-charset"][1]
    assert "汉字\U00020000" in text["gb18030"][1]
    assert "日本語" in text["utf-7"][1]
    assert text["cut-word"][0] == "漢"
    assert "\x00" not in "".join(text["nul"] + text["nul-words"])
    assert text["empty"] == ("empty", "")


async def test_a_hundred_thousand_recipients_are_one_email(box: Box) -> None:
    """26: the contact among them is found, the email stands once, its row stays small, time stays bounded."""
    crowd = ", ".join(f"Guest {number} <guest{number}@party.example>" for number in range(100_000))
    lead = await box.office.lead("Party", "guest99999@party.example")
    head = letter("host@party.example", "anna@acme.example", "Party", "Come.").replace(
        b"To: anna@acme.example", b"To: " + crowd.replace(", ", ",\r\n ").encode()
    )
    box.inbox.deliver(head)
    begun = time.monotonic()
    await box.pull()
    assert time.monotonic() - begun < SECONDS_FOR_ALL
    assert await box.office.subjects(lead) == ["Party"]
    assert await box.one("select max(pg_column_size(e.*)) from emails e") < 200_000
    assert await box.one("select max(cardinality(address_hashes)) from sightings") <= 1000
    assert await box.one("select max(pg_column_size(t.*)) from email_threads t") < 50_000


async def test_reading_a_monster_does_not_hold_up_the_other_accounts(box: Box) -> None:
    """25, 62: parsing happens in the same process as the page: the loop must come round again soon."""
    box.inbox.deliver(hostile_mail.STRUCTURE["parts"])
    box.inbox.deliver(hostile_mail.PATTERNS["tags"])
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            begun = time.thread_time()  # work of the loop's own thread: what others do on the machine is not ours
            await asyncio.sleep(0.01)
            longest = max(longest, time.thread_time() - begun)

    watching = asyncio.create_task(watch())
    await box.pull()
    watching.cancel()
    assert longest < 3.0


@pytest.mark.parametrize(
    "date",
    ["", "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n", "Date: Fri, 01 Jan 2099 00:00:00 +0000\r\n", "Date: soon\r\n"],
    ids=["missing", "1970", "2099", "nonsense"],
)
async def test_a_date_that_cannot_be_is_replaced_by_when_it_came(box: Box, date: str) -> None:
    """32: order by the server's date; the cursor and the lead's last activity are unharmed."""
    raw = letter("bob@bolt.example", "anna@acme.example", "When?")
    lines = [line for line in raw.split(b"\r\n") if not line.startswith(b"Date:")]
    received = box.office.tools.clock().replace(microsecond=0) - timedelta(hours=2)
    box.inbox.deliver(date.encode() + b"\r\n".join(lines), internal_date=received)
    await box.pull()
    assert await box.rows("select activity_at from emails") == [(received,)]
    assert await box.rows("select last_activity_at from leads") == [(received,)]
    assert len(await box.waiting()) == 1
    box.deliver("Next")
    await box.pull()
    assert await box.subjects() == ["When?", "Next"]


async def test_mail_above_the_size_limit_is_stored_by_its_head_and_says_so(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """33: the body stays in the mailbox; on a second lead it says the same."""
    monkeypatch.setattr("postroom.journeys.steps.bring_bodies.LARGEST_MESSAGE", 20_000)
    box.deliver("Small")
    box.inbox.deliver(letter("bob@bolt.example", "anna@acme.example", "Large", "word " * 20_000, cc="nora@nut.example"))
    await box.pull()
    await box.office.lead("Nut", "nora@nut.example")
    await box.office.backfill(box.account_id)
    texts = await box.rows("select body_text from emails where subject = 'Large'")
    assert len(texts) == 2
    assert all("too large" in text for (text,) in texts)
    assert "Words of Small." in await box.one("select body_text from emails where subject = 'Small'")
    assert await box.adds_up()
