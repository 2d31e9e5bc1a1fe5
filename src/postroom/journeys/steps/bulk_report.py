"""The email to a user that a bulk email is done, or stopped: from the account to its own user, once.

It counts as told before the server hears of it: a crash in between loses a notice, which the page shows anyway, rather
than send it twice. Only what the server surely did not take is told later.
"""

from postroom.journeys.steps.queue_email import new_message_id
from postroom.journeys.steps.send_slice import Crew
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.bulk import store as batch_store
from postroom.rooms.bulk.bulk_email import BulkEmail
from postroom.rooms.bulk.store import Report
from postroom.rooms.emails.email import addresses_of
from postroom.rooms.users import store as user_store
from postroom.wire.mime.compose import compose
from postroom.wire.mime.types import Address, OutgoingContent
from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.types import Outcome


async def send_reports(tools: Tools, account: ConnectedAccount, crew: Crew) -> None:
    """Tell what is to be told, as long as the connection stands."""
    org = account.organization_id
    while crew.first is not None and crew.first.is_open:
        async with tools.db.transaction() as tx:
            report = await batch_store.take_report(tx, org, account.id)
            if report is None:
                return
            batch = await batch_store.bulk_email(tx, org, report.bulk_id)
            user = await user_store.acting_user(tx, org, batch.user_id)
        sender = addresses_of((batch.sender,))[0]
        subject, text = _words(tools, batch, report)
        content = OutgoingContent(
            message_id=new_message_id(sender.email),
            date=tools.clock(),
            from_=sender,
            to=(Address(f"{user.first_name} {user.last_name}".strip(), user.email),),
            subject=subject,
            text=text,
            extra_headers=(("Auto-Submitted", "auto-generated"),),
        )
        reply = await deliver(crew.first, sender.email, (user.email,), compose(content).for_smtp)
        if reply.outcome is Outcome.REFUSED:
            async with tools.db.transaction() as tx:
                await batch_store.put_report_back(tx, org, report)
            return


def _words(tools: Tools, batch: BulkEmail, report: Report) -> tuple[str, str]:
    counts = batch.counts
    name = batch.words.subject
    lines = [
        f"Sent: {counts.sent}",
        f"Failed: {counts.failed}",
        f"Passed over: {counts.skipped}",
    ]
    if counts.cancelled:
        lines.append(f"Cancelled: {counts.cancelled}")
    if not report.is_done:
        lines = [batch.error, "", *lines, f"Still waiting: {counts.queued + counts.sending}"]
    subject = f"Your bulk email is done: {name}" if report.is_done else f"Your bulk email has stopped: {name}"
    link = f"{tools.config.base_url}/bulk/{batch.id}/"
    return subject[:200], "\n".join([f"Bulk email “{name}”", "", *lines, "", f"Everyone by name: {link}", ""])
