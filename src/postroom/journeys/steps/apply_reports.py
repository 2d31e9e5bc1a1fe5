"""What bounces, complaints and unsubscribe wishes do, in the transaction that stores the mail they came with."""

from collections.abc import Sequence
from datetime import datetime

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import Event
from postroom.journeys.steps.read_reports import Report
from postroom.journeys.steps.suppress_addresses import suppress_addresses
from postroom.rooms.emails.delivery import RefusedRecipient
from postroom.rooms.suppression import bounce_store, early_store
from postroom.rooms.suppression.suppression import (
    SOFT_WINDOW,
    Bounce,
    BounceKind,
    NewSuppression,
    Source,
    suppressed_by,
)
from postroom.wire.mime.bounce_reasons import is_hard, status_in
from postroom.wire.mime.bounces import FailedRecipient


async def apply_reports(tx: Transaction, organization_id: str, reports: Sequence[Report], now: datetime) -> None:
    """Mark the emails, suppress the addresses. A report that was applied before does nothing."""
    for report in reports:
        if report.unsubscribed is not None:
            await suppress_addresses(tx, organization_id, [report.unsubscribed], now)
        if report.early:
            await early_store.remember(tx, organization_id, report.early, now)
        for bounce in report.bounces:
            lead_id = (report.leads or {}).get(bounce.email_id)
            await apply_bounce(tx, organization_id, (bounce, lead_id, Source.REPORT), now)


async def apply_bounce(
    tx: Transaction, organization_id: str, told: tuple[Bounce, str | None, Source], now: datetime
) -> None:
    """Write one down; `told` is the bounce, the lead of its email, and how it became known."""
    bounce, lead_id, source = told
    if not await bounce_store.note_bounce(tx, organization_id, bounce):
        return
    event = Event("activity.email", bounce.email_id, "updated", lead_id, changed_fields=("bounces",))
    await events.append(tx, organization_id, [event], now)
    within = (now, SOFT_WINDOW)
    soft = await bounce_store.soft_bounces(tx, organization_id, bounce.address_key, within)
    reasons = [
        NewSuppression(bounce.address, kind, source, bounce.reason or bounce.status, bounce.email_id)
        for kind in suppressed_by(bounce, soft, now)
    ]
    await suppress_addresses(tx, organization_id, reasons, now)


async def note_refusals(
    tx: Transaction, organization_id: str, refused: tuple[str, str, Sequence[RefusedRecipient]], now: datetime
) -> None:
    """Recipients whom the server refused while we sent (`refused`: email, its lead, they): bad addresses as bounces.

    What else a server refuses is said of the email alone: a limit, a content, an account is no fault of the address.
    """
    email_id, lead_id, recipients = refused
    for one in recipients:
        status = status_in(one.text)
        if one.code >= 500 and is_hard(FailedRecipient(one.email, True, status, one.text)):
            bounce = Bounce(email_id, one.email, BounceKind.HARD, status or "", one.text, "smtp", now)
            await apply_bounce(tx, organization_id, (bounce, lead_id, Source.SMTP), now)
