"""Reports that are read before the email they are about: another program sent it, and Sent is read later."""

from collections.abc import Sequence
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.journeys.steps.apply_reports import apply_bounce
from postroom.journeys.steps.judge_mail import Judged
from postroom.journeys.steps.mail_rules import MailRules
from postroom.rooms.emails import report_store
from postroom.rooms.emails.report_store import ReportedEmail
from postroom.rooms.suppression import early_store
from postroom.rooms.suppression.early_store import EarlyReport
from postroom.rooms.suppression.suppression import Bounce, BounceKind, Source


async def apply_early_reports(tx: Transaction, mail: MailRules, stored: Sequence[Judged], now: datetime) -> None:
    """What was told of these emails before they came is told of them now."""
    org = mail.organization_id
    ids = {one.head.message_id for one in stored if one.judgement.outgoing and one.head.message_id}
    early = await early_store.take(tx, org, [mail.hashes.of_text(one) for one in ids if one]) if ids else []
    if not early:
        return
    emails = await report_store.sent_by_message_id(tx, org, sorted({one.id_hash for one in early}))
    for report in early:
        for email in emails.get(report.id_hash, ()):
            bounce = _bounce(mail, report, email)
            if bounce is not None:
                await apply_bounce(tx, org, (bounce, email.lead_id, Source.REPORT), now)


def _bounce(mail: MailRules, report: EarlyReport, email: ReportedEmail) -> Bounce | None:
    """The address it names among the email's own; of a single recipient it is that one (as in read_reports)."""
    named = next((one for key, one in email.recipients.items() if mail.hashes.of_text(key) == report.address_hash), "")
    only = next(iter(email.recipients.values())) if len(email.recipients) == 1 else ""
    is_itself = bool(named) or report.address_hash == mail.hashes.of_text("")
    kind = BounceKind.SOFT if report.kind is BounceKind.HARD and not is_itself else report.kind
    if not (named or only):
        return None
    return Bounce(email.id, named or only, kind, report.status, "", report.report_key, report.date)
