"""A person looks at a bulk email before it goes out: anybody's email, who has gaps in theirs, what to be warned of.

look       the email of one recipient as it would be sent
gaps       recipients for whom a variable is empty, the first of them
outlook    what the confirm screen warns of, and how long sending takes
send_test  one recipient's email to the person themselves
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from postroom.ground.errors import Conflict, NotFound, Permanent
from postroom.journeys.steps.credentials import smtp_settings
from postroom.journeys.steps.fill_slice import Press, print_one, render_one, set_up_press
from postroom.journeys.steps.log_in_to_send import logged_in
from postroom.journeys.steps.pace import limits_of_account, pace_of, sent_so_far
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.access import Asker
from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.providers import provider_behind
from postroom.rooms.accounts.send_budget import share_of_bulk
from postroom.rooms.bulk import recipient_store
from postroom.rooms.bulk import store as batch_store
from postroom.rooms.bulk.bulk_email import BulkEmail, Remaining, check_may_touch, remaining
from postroom.rooms.bulk.recipient_store import Waiting
from postroom.rooms.templates.render import Missing, Rendered
from postroom.rooms.templates.values import Values
from postroom.rooms.users import store as user_store
from postroom.views import bulk_list
from postroom.views.template_preview import Recipient, recipient_facts
from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.types import Outcome

MOST_LOOKED_AT = 2_000
"""Recipients whose variables are looked at for gaps; a person leafs through fewer."""
MOST_GAPS = 200
SPEED_OVER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Look:
    """One recipient's email. `missing`: variables without a value, those of the signature too."""

    waiting: Waiting
    rendered: Rendered
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A recipient for whom variables are empty."""

    number: int
    email: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many of those looked at have gaps, and the first of them."""

    looked_at: int
    count: int
    first: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to know before pressing the button, and while it runs. None: no such limit, or nothing to warn of."""

    provider: str
    per_day: int | None
    warn_per_day: int | None
    sent_in_day: int
    had_template: int
    copies_to_sent: bool
    per_minute: float
    left: Remaining


async def look(tools: Tools, asker: Asker, bulk_id: str, number: int) -> Look:
    """The email of one recipient. Raises NotFound, Invalid."""
    press = await _press(tools, asker, bulk_id)
    async with tools.db.reading() as tx:
        waiting = await recipient_store.recipient(tx, press.batch, number)
        if waiting is None:
            raise NotFound("There is no such recipient.")
        values = (await _values(tools, press, [waiting])).get(number, {})
    rendered = await asyncio.to_thread(render_one, press, ("", waiting.address), values)
    uses_signature = press.head.signed_html and press.head.signed_html in rendered.body_html
    return Look(waiting, rendered, rendered.missing + (press.head.missing_in_signature if uses_signature else ()))


async def gaps(tools: Tools, asker: Asker, bulk_id: str) -> Gaps:
    """Who has an empty variable, among the first two thousand. Raises NotFound."""
    press = await _press(tools, asker, bulk_id)
    async with tools.db.reading() as tx:
        waiting = await recipient_store.waiting(tx, press.batch, MOST_LOOKED_AT)
    values = await _values(tools, press, waiting)
    found = await asyncio.to_thread(_gaps_of, press, waiting, values)
    return Gaps(len(waiting), len(found), tuple(found[:MOST_GAPS]))


async def outlook(tools: Tools, asker: Asker, bulk_id: str) -> Outlook:
    """What to be warned of, and how long it takes. Raises NotFound."""
    now, org = tools.clock(), asker.organization_id
    async with tools.db.reading() as tx:
        batch = await batch_store.bulk_email(tx, org, bulk_id)
        account = await account_store.get(tx, org, batch.account_id)
        pace = await pace_of(tx, account, now)
        sent = await sent_so_far(tx, account, now)
        repeats = await bulk_list.had_template(tx, org, bulk_id)
        speed = await bulk_list.per_minute(tx, org, bulk_id, (account.id, *_stretch(batch, now)))
    limits = limits_of_account(account)
    share = share_of_bulk(limits)
    today = None if share.per_day is None else max(0, share.per_day - sent.day.count)
    allowed = float(pace.limits.per_minute) if pace.limits.per_minute else 0.0
    host = account.smtp.host if account.smtp else ""
    return Outlook(
        provider=provider_behind(host, Side.SEND, account.provider).name,
        per_day=limits.per_day,
        warn_per_day=limits.warn_per_day,
        sent_in_day=sent.day.count,
        had_template=repeats,
        # Who has no mailbox has no Sent folder that anything could be missing from.
        copies_to_sent=account.imap is None or (await _press(tools, asker, bulk_id)).copies_to_sent,
        per_minute=speed,
        left=remaining(batch.counts.queued, speed or allowed, today, share.per_day),
    )


async def send_test(tools: Tools, asker: Asker, bulk_id: str, number: int) -> str:
    """One recipient's email to the person who asks; the address it went to. Raises NotFound, Forbidden, Permanent, and
    what keeps the account from sending."""
    press = await _press(tools, asker, bulk_id)
    check_may_touch(asker.user_id, "user", press.batch.user_id)
    async with tools.db.reading() as tx:
        waiting = await recipient_store.recipient(tx, press.batch, number)
        user = await user_store.acting_user(tx, asker.organization_id, asker.user_id)
    if waiting is None:
        raise NotFound("There is no such recipient.")
    values = (await _values(tools, press, [waiting])).get(number, {})
    frame = replace(press.frame, lines=replace(press.frame.lines, after_to=""))
    made = print_one(
        replace(press, cc=(), bcc=(), frame=frame), replace(waiting, address=user.email), values, tools.clock()
    )
    used, settings = await smtp_settings(tools, asker.organization_id, press.account.id)
    async with await logged_in(tools, used, settings) as session:
        reply = await deliver(session, press.sender.email, (user.email,), made.composed.for_smtp)
    if reply.outcome is not Outcome.ACCEPTED:
        raise Permanent(f"The test to {user.email} was not taken: {reply.server_words}")
    return user.email


async def _press(tools: Tools, asker: Asker, bulk_id: str) -> Press:
    async with tools.db.reading() as tx:
        batch = await batch_store.bulk_email(tx, asker.organization_id, bulk_id)
        account = await account_store.get(tx, asker.organization_id, batch.account_id)
    if account.is_deleted:
        raise Conflict(f"The account {account.email} was removed. Choose another sender.")
    return await set_up_press(tools, account, batch)


async def _values(tools: Tools, press: Press, waiting: Sequence[Waiting]) -> dict[int, Values]:
    wanted = {one.number: Recipient(one.lead_id, one.contact_id or None) for one in waiting}
    async with tools.db.reading() as tx:
        known = await recipient_facts(tx, press.batch.organization_id, list(wanted.values()), tools.config.base_url)
    return {number: known[one] for number, one in wanted.items() if one in known}


def _gaps_of(press: Press, waiting: Sequence[Waiting], values: dict[int, Values]) -> list[Gap]:
    found = []
    for one in waiting:
        missing = render_one(press, ("", one.address), values.get(one.number, {})).missing
        if missing:
            found.append(Gap(one.number, one.address, tuple(dict.fromkeys(gap.variable for gap in missing))))
    return found


def _stretch(batch: BulkEmail, now: datetime) -> tuple[datetime, float]:
    """Since when the speed is measured, and how many seconds that is."""
    since = max(now - SPEED_OVER, batch.date_started or batch.date_created)
    return since, (now - since).total_seconds()
