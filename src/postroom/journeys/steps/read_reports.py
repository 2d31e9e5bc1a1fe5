"""Bounces, delays, complaints and unsubscribe wishes among new mail: read, and matched to the emails they are about.

The header says which messages are worth a look; of those the bodies are fetched. A report counts only where it names
an email that went out from here, to the very address it speaks of, by the copy inside (our own header, Message-ID).
Reports made for machines are also matched by the address and the days since; a stranger can write such a one, so it
is shown with the email and suppresses nobody. What cannot be matched is left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from postroom.ground.database import Transaction
from postroom.journeys.steps.judge_mail import Judged
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.steps.read_body import MISTAKES
from postroom.journeys.steps.unsubscribe_links import ticket_in_subject, tickets_of
from postroom.journeys.tools import Tools
from postroom.rooms.emails import report_store
from postroom.rooms.emails.relevance import Concern, Judgement, Outcome, Reason
from postroom.rooms.emails.report_store import ReportedEmail
from postroom.rooms.suppression.early_store import WAITS, EarlyReport
from postroom.rooms.suppression.suppression import (
    OLDEST_REPORT,
    Bounce,
    BounceKind,
    Kind,
    NewSuppression,
    Source,
)
from postroom.wire.imap.fetch import raw_messages
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import UidSet
from postroom.wire.mime.address_key import address_key
from postroom.wire.mime.bounce_reasons import is_hard
from postroom.wire.mime.bounce_texts import daemon_sent
from postroom.wire.mime.bounces import Automatic, FailedRecipient, Origin, classify, may_be_report
from postroom.wire.mime.parse import parse

LARGEST_REPORT = 16 * 1024 * 1024
"""Exchange puts the whole original into its reports, attachments and all."""
_BYTES_AT_ONCE = 16 * 1024 * 1024
_SOME_DAYS = timedelta(days=5)
"""How long servers try: a report without any id is about an email of these days (RFC 5321 4.5.4.1)."""
_REPORTS = (Origin.BOUNCE, Origin.DELAYED, Origin.COMPLAINT)


@dataclass(frozen=True, slots=True)
class Report:
    """What one arrived message says. `leads` of the emails concerned; `quiet`: of bulk email, so no Inbox item.
    `early`: about an email that is not known yet."""

    bounces: tuple[Bounce, ...] = ()
    leads: Mapping[str, str] | None = None
    unsubscribed: NewSuppression | None = None
    quiet: bool = False
    early: tuple[EarlyReport, ...] = ()


async def read_reports(
    tools: Tools, mail: MailRules, session: Session, judged: Sequence[Judged]
) -> tuple[list[Judged], dict[int, Report]]:
    """The messages, of which reports now belong to the leads they concern; and by UID what the reports say."""
    found = _wishes(tools, mail, judged)
    since = tools.clock() - OLDEST_REPORT
    candidates = {one.summary.uid: one for one in judged if _may_be_report(one, since)}
    if not candidates:
        return list(judged), found
    said: list[tuple[Judged, Automatic]] = []
    async for raw in raw_messages(session, UidSet(candidates), LARGEST_REPORT, _BYTES_AT_ONCE):
        automatic = _read(raw.raw) if raw.raw and not raw.header_only else None
        if automatic is not None and automatic.origin in _REPORTS:
            said.append((candidates[raw.uid], automatic))
    changed: dict[int, Judged] = {}
    if said:
        async with tools.db.reading() as tx:
            for one, automatic in said:
                named = await _emails_named(tx, mail, automatic)
                about = named or await _emails_lately(tx, mail, one, automatic)
                early = () if named else _early(mail, one, automatic, tools.clock())
                report = replace(_report(one, automatic, about, tools.clock()), early=early)
                if not named:
                    report = _unproven(report)
                if report.bounces or early:
                    found[one.summary.uid] = report
                if report.bounces:
                    changed[one.summary.uid] = _belonging(mail, one, about, report)
    return [changed.get(one.summary.uid, one) for one in judged], found


def _may_be_report(one: Judged, since: datetime) -> bool:
    received = one.summary.internal_date
    is_late = received is not None and received < since
    return not (one.judgement.outgoing or is_late or one.letter.is_draft) and may_be_report(one.head)


def _read(raw: bytes) -> Automatic | None:
    """None also where a mistake of ours keeps it from being read: then it is mail like any other.

    What only words say counts from a mail system alone: people quote such words, and choose such subjects.
    """
    try:
        parsed = parse(raw)
        said = classify(parsed, raw)
    except MISTAKES:
        return None
    return said if said.is_structured or daemon_sent(parsed.head) else None


def _wishes(tools: Tools, mail: MailRules, judged: Sequence[Judged]) -> dict[int, Report]:
    """Mail to the List-Unsubscribe address, known by the ticket in its subject."""
    named = [one for one in judged if "unsubscribe" in one.head.subject.lower() and not one.judgement.outgoing]
    found = {}
    tickets = tickets_of(tools) if named else None
    for one in named:
        ticket = ticket_in_subject(tickets, one.head.subject) if tickets else None
        if ticket is not None and ticket.organization_id == mail.organization_id:
            wish = NewSuppression(ticket.address, Kind.UNSUBSCRIBED, Source.MAILTO, email_id=ticket.email_id or None)
            found[one.summary.uid] = Report(unsubscribed=wish)
    return found


async def _emails_named(tx: Transaction, mail: MailRules, said: Automatic) -> list[ReportedEmail]:
    """Those of which it holds what only their recipients know."""
    org = mail.organization_id
    if said.original_postroom_id:
        by_id = await report_store.sent_by_id(tx, org, [said.original_postroom_id])
        if by_id:
            return by_id  # whatever Message-ID a relay has given it since
    if said.original_message_id:
        named = mail.hashes.of_text(said.original_message_id)
        return (await report_store.sent_by_message_id(tx, org, [named])).get(named, [])
    return []


async def _emails_lately(tx: Transaction, mail: MailRules, one: Judged, said: Automatic) -> list[ReportedEmail]:
    """The latest to each address that it names, where it is made for machines."""
    if not said.is_structured:
        return []
    org = mail.organization_id
    until = one.summary.internal_date or one.head.date
    lately = [
        await report_store.sent_lately_to(tx, org, key, (until - _SOME_DAYS, until))
        for key in dict.fromkeys(_key(failed) for failed in said.failed[:20])
        if until is not None
    ]
    return list({email.id: email for email in lately if email is not None}.values())


def _early(mail: MailRules, one: Judged, said: Automatic, now: datetime) -> tuple[EarlyReport, ...]:
    """It names an email that nobody here knows: its copy may come from Sent any moment."""
    if not said.original_message_id:
        return ()
    about, date = mail.hashes.of_text(said.original_message_id), min(one.summary.internal_date or now, now)
    if now - date > WAITS:
        return ()
    failed = said.failed[:20] or (FailedRecipient("", True, None, ""),)
    return tuple(
        EarlyReport(
            about, one.key, mail.hashes.of_text(_key(who) if who.email else ""),
            _kind(said.origin, who, is_itself=True), who.status or "", date,
        )
        for who in failed
    )  # fmt: skip


def _report(one: Judged, said: Automatic, about: Sequence[ReportedEmail], now: datetime) -> Report:
    date = min(one.summary.internal_date or now, now)
    bounces = []
    for email in about:
        for failed in said.failed or (FailedRecipient("", True, None, "reported as spam"),):
            address, is_itself = _recipient(email, failed)
            if address:
                kind = _kind(said.origin, failed, is_itself=is_itself)
                bounces.append(Bounce(email.id, address, kind, failed.status or "", failed.reason, one.key, date))
    leads = {email.id: email.lead_id for email in about}
    return Report(tuple(bounces), leads, quiet=bool(about) and all(email.priority > 0 for email in about))


def _unproven(report: Report) -> Report:
    return replace(report, bounces=tuple(replace(one, is_proven=False) for one in report.bounces))


def _recipient(email: ReportedEmail, failed: FailedRecipient) -> tuple[str, bool]:
    """Whom the email was to, and whether that is the very address named.

    A mailbox that is forwarded fails under the name it leads to. Where there was one recipient alone it is that one.
    """
    known = email.recipients.get(_key(failed))
    if known:
        return known, True
    only = next(iter(email.recipients.values())) if len(email.recipients) == 1 else ""
    return only, not failed.email


def _kind(origin: Origin, failed: FailedRecipient, *, is_itself: bool) -> BounceKind:
    if origin is Origin.COMPLAINT:
        return BounceKind.COMPLAINT
    if origin is Origin.DELAYED:
        return BounceKind.DELAYED
    return BounceKind.HARD if is_itself and is_hard(failed) else BounceKind.SOFT


def _belonging(mail: MailRules, one: Judged, about: Sequence[ReportedEmail], report: Report) -> Judged:
    """The report in the thread of the email it is about, where nothing else says where it belongs."""
    concerned = {bounce.email_id for bounce in report.bounces}
    emails = [email for email in about if email.id in concerned]
    ids = [message_id for email in emails for message_id in email.message_ids]
    references = (*ids[:20], *one.head.references[-50:])
    head = msgspec.structs.replace(one.head, references=tuple(dict.fromkeys(references)))
    judgement = one.judgement
    if judgement.outcome in (Outcome.NO_CONTACT, Outcome.COWORKERS) and mail.rules.auto_link:
        leads = {email.lead_id: Concern(email.lead_id, email.contact_id, Reason.REPORT) for email in emails}
        judgement = Judgement(Outcome.KEPT, outgoing=False, concerns=tuple(leads.values()))
    return msgspec.structs.replace(one, head=head, judgement=judgement)


def _key(failed: FailedRecipient) -> str:
    return address_key(failed.email)
