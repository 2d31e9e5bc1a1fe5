"""Delivery failures told in words: who they are from, whom they name, what they say. For reports without RFC 3464.

No list of mail programs: what all of them do is read instead. A notice comes first, then a copy of the original; in the
notice the failed address stands on a line of its own, or in a sentence that says so.
"""

import re
from dataclasses import dataclass

from postroom.wire.mime.addresses import parse_addresses
from postroom.wire.mime.references import message_ids
from postroom.wire.mime.types import MessageHead

_DAEMON = re.compile(
    r"(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|maildaemon|mail-?delivery|mmdf|smtp_mail_service"
    r"|mail-?system|system|microsoftexchange[0-9a-f]{20,40}|microsoftexchange[0-9a-f]{8}"
    r"|mailsystem|bounces?|delivery|administrator|smtpd?32|root|imss|nobody|[^@]*(?:antivirus|symantec"
    r"|mail_service|mailer)[^@]*)"
    r"(?:[-_+.=][^@]*)?@?",
    re.I,
)
_DAEMON_NAME = re.compile(
    r"mail delivery|delivery (?:sub)?system|system administrator|mailer.daemon|postmaster|mail administrator", re.I
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|not delivered|non[- ]?delivery|delivery (?:status|failure|problem|error|has failed|report"
    r"|incomplete|notification)"
    r"|deliver\w* fail|fail\w* mail|failure notice|mail (?:delivery )?(?:failed|failure|system error)"
    r"|return(?:ed|ing) (?:mail|message|to sender)"
    r"|could ?n[o']t be delivered|message (?:delivery )?(?:failed|delayed|undeliverable|not delivered)"
    r"|permanent delivery|has not yet been"
    r"|warning: (?:message|could not|e?mail)|user unknown|unknown user|rejected:|processing error"
    r"|delayed \d+ hours|mail error|bad address|delivery warning|automatically rejected"
    r"|unzustellbar|nicht zugestellt|zustellung|non remis|non distribu|échec de|no se (?:ha podido|pudo"
    r"|puede) entregar|no entregad"
    r"|devuelt|mancata consegna|impossibile recapitare|onbestelbaar|niet worden bezorgd|não (?:entregue"
    r"|foi possível)|falha na entrega"
    r"|kan inte levereras|olevererbar|ikke leveres|ei voitu toimittaa|nie można dostarczyć|niedostarczon|nedoručiteln"
    r"|недоставлен|не доставлен|退信|未送达|无法送达|配信不能|配信できません|送信できません",
    re.I,
)
_FAILED = re.compile(
    r"(?:(?:could|can|did|was|were|is|has|have|do|does)(?: ?not|n[’']?t)|unable to|cannot"
    r"|wasn'?t able to)\s+(?:\w+\s+){0,4}?"
    r"(?:be(?:en)?\s+)?(?:\w+\s+){0,2}?(?:deliver|reach|receive|sent|send|exist|accept|found|find|complete|list"
    r"|recogni|valid|have a)"
    r"|\bfailed|failure|undeliver|delivery (?:problem|error)|non-?delivery|not (?:yet )?been delivered"
    r"|unknown (?:user|recipient|host|address|or illegal)"
    r"|(?:user|recipient|address|mailbox|account|host|domain|id|person'?s account)\s+(?:\S+\s+){0,5}?(?:unknown"
    r"|not known|not found|disabled|unavailable"
    r"|rejected|is full|full|inactive|invalid|exceed|over quota|doesn|no longer|is wrong|suspended|locked"
    r"|closed|not accept)"
    r"|no such (?:user|address|person|mailbox|recipient)|fatal error|permanent(?:ly)? (?:error|fail)|(?:over"
    r"|exceed\w*|disk|mailbox).{0,20}quota|quota (?:exceed|violation|full)"
    r"|bad address|invalid (?:final|address|recipient|user)|intended recipient|has been (?:rejected|returned"
    r"|delayed)|returned to (?:you|sender)|rejected"
    r"|not exactly match|is not (?:valid|known|listed)|not accepting|error-for|undisclosed address"
    r"|(?<!\d)5\d\d[ -][\d5]|\b5\.\d\.\d\b|\(#\d\.\d\.\d\)"
    r"|mail(?:folder|box) is full|does not exist|not listed in|address(?:es)? (?:had|failed)|following recipient"
    r"|nicht zugestellt|unzustellbar|konnte nicht|unbekannt|n'a pas pu|inconnu|non remis|no (?:se )?pudo"
    r"|no pudo ser entregad|no existe|desconocid"
    r"|não (?:pôde|pode|foi|existe)|impossibile|sconosciut|niet (?:worden )?(?:bezorgd|afgeleverd)|onbekend"
    r"|kunde inte|okänd|не (?:может|удалось|было)"
    r"|превыш|несуществ|无法|不存在|失败|できません|存在しません|配信不能",
    re.I,
)
_DELAY = re.compile(
    r"delayed|(?:not|n't) yet been (?:delivered|able)|has not (?:yet )?been delivered to|will (?:be|continue"
    r"|keep) (?:retr|to (?:try|attempt|be))"
    r"|attempts will continue|will be retried|warning message only|still (?:trying|being)|no action is required"
    r"|keep trying|will try again|postponed|continue to try"
    r"|attempts will be made|do not (?:need to )?resend|verzögert|retard|en attente|retrasad|in ritardo"
    r"|vertraagd|задерж",
    re.I,
)
_GAVE_UP = re.compile(r"given up|giving up|permanent(?:ly)? (?:error|fail|fatal)|will not (?:be )?(?:re)?tr", re.I)
# Marks in front are looked at once and on one line: with line breaks among them, lines of marks take quadratic time.
_END_OF_NOTICE = re.compile(
    r"^[>| \t*=#.-]*+(?:original message|(?:this is a |here is a |a )?copy of (?:the|your)|below (?:this"
    r"|the next) line|(?:start of )?returned (?:mail|message)"
    r"|message (?:header|text|body|follows)|unsent message|the header of the original"
    r"|your (?:original )?message (?:reads|follows)|undelivered message"
    r"|mensaje original|ursprüngliche|message d'origine|attachment is a copy|a summary of the undelivered"
    r"|old message|original headers)",
    re.I | re.M,
)
_HEADER_COPY = re.compile(r"^>?\s?(?:Received|Return-Path|X-Envelope-From|Message-ID):\s?\S", re.I | re.M)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_LOCAL_ALONE = re.compile(r"^[\s<>]*([A-Za-z0-9._-]{2,64})[\s<>]*$")
_STATUS = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_MESSAGE_ID_LINE = re.compile(r"^[>\s]*Message-Id:\s*(<[^<>\s]{3,500}>)", re.I | re.M)
_QUOTED_HEADER = re.compile(
    r"^[>\s]*(?:from|subject|sent|date|cc|return-path|received|x-[\w-]+|reply-to|sender|message-id)\s*:", re.I
)
_RECIPIENT_HEADER = re.compile(r"^[>\s]*to\s*:", re.I)
# "mail from list@example.com", "contact help@example.com": named, and not the one that failed.
_NOT_FAILED_BEFORE = re.compile(
    r"(?:(?<!generated )(?<!expanded )\bfrom|\bby|\bcontact|\bto contact|\bsender|mailto:)\s*<?$", re.I
)
# The address that was written to, where the failed one is what it led to.
_BEHIND = re.compile(r"\(?(?:expanded|generated) from:?", re.I)
_HELPER = re.compile(
    r"postmaster|mailer-?daemon|abuse|support|help|admin|hostmaster|webmaster|mail-?delivery|info@|noc@|contact", re.I
)
_MOST_LINES = 400
_NEAR = 6


@dataclass(frozen=True, slots=True)
class FailedInText:
    """What a notice names. `notice` is the part of the text before the copy of the original."""

    emails: tuple[str, ...]
    notice: str
    status: str | None = None
    reason: str = ""
    original_message_id: str | None = None


def daemon_wrote(head: MessageHead) -> bool:
    """Does this come from a mail system, by its sender, its null return path, or the subject that those write?"""
    return not head.from_ or daemon_sent(head) or bool(_BOUNCE_SUBJECT.search(head.subject[:300]))


def daemon_sent(head: MessageHead) -> bool:
    """The same by the sender alone: people write such subjects too."""
    if head.return_path == "":
        return True
    sender = head.from_[0] if head.from_ else None
    return sender is not None and bool(_DAEMON.match(sender.email) or _DAEMON_NAME.search(sender.name[:200]))


def is_delay_text(subject: str, notice: str) -> bool:
    """The server goes on trying."""
    words = f"{subject[:300]}\n{notice[:4000]}"
    return bool(_DELAY.search(words)) and not _GAVE_UP.search(words)


def failed_in_text(head: MessageHead, text: str, said_failed: str) -> FailedInText:
    """Whom the notice names as not reached. `said_failed`: the X-Failed-Recipients field, believed first."""
    notice, rest = _notice(text)
    found = _MESSAGE_ID_LINE.search(rest) or _MESSAGE_ID_LINE.search(notice)
    original = (message_ids(found[1]) or (None,))[0] if found else None
    told = [one.email for one in parse_addresses(said_failed) if "@" in one.email]
    emails = told or _named(head, notice)
    reason = _reason(notice, emails)
    return FailedInText(
        tuple(dict.fromkeys(emails))[:1000], notice, _status(reason) or _status(notice), reason, original
    )


def _notice(text: str) -> tuple[str, str]:
    ends = [
        found.start() for pattern in (_END_OF_NOTICE, _HEADER_COPY) if (found := pattern.search(text, 1)) is not None
    ]
    end = min(ends, default=len(text))
    return text[:end], text[end:]


def _named(head: MessageHead, notice: str) -> list[str]:
    """The addresses that the notice calls failed: alone on a line after such words, or in a sentence with them."""
    subject_says = bool(_BOUNCE_SUBJECT.search(head.subject[:300]))
    own = {one.key for one in (*head.to, *head.from_)}
    alone: list[str] = []
    told: list[str] = []
    others: list[str] = []
    since_failed = _NEAR if not subject_says else 0
    for line in notice.splitlines()[:_MOST_LINES]:
        since_failed = 0 if _FAILED.search(line[:400]) else since_failed + (1 if line.strip() else 0)
        if _QUOTED_HEADER.match(line):
            continue
        for found in _ADDRESS.finditer(line[:1000]):
            email = found[0].removeprefix("SMTP=").strip(".'`*=-")
            if (
                _HELPER.match(email)
                or email.lower() in own
                or ".." in email
                or _NOT_FAILED_BEFORE.search(line[: found.start()])
            ):
                continue
            rest = _BEHIND.sub("", _ADDRESS.sub("", line, count=1)).strip(" \t<>:;,.*'\"-()[]|")
            is_near = since_failed <= 2 and not _RECIPIENT_HEADER.match(line)
            (alone if not rest and since_failed <= _NEAR else told if is_near else others).append(email)
    if alone or told:
        return _likely(alone, told)
    says_failed = subject_says or bool(_FAILED.search(notice[:8000]))
    in_subject = [one for one in _ADDRESS.findall(head.subject[:300]) if one.lower() not in own]
    if says_failed and (in_subject or len(set(others)) == 1):
        return in_subject or others
    return _local_names(head, notice) if says_failed else []


def _likely(alone: list[str], told: list[str]) -> list[str]:
    """Lines of their own are a list of the failed; sentences name others too, such as whom to ask."""
    if not alone:
        return told
    keys = {one.lower() for one in alone}
    return alone + [one for one in told if one.lower() in keys]


def _local_names(head: MessageHead, notice: str) -> list[str]:
    """Large providers name their own users without the domain: it is that of the daemon."""
    domain = head.from_[0].email.rpartition("@")[2] if head.from_ else ""
    lines = notice.splitlines()[:_MOST_LINES]
    for index, line in enumerate(lines):
        if _FAILED.search(line[:400]) and domain:
            below = [_LOCAL_ALONE.match(one) for one in lines[index + 1 : index + 5]]
            names = [found[1] for found in below if found]
            if names:
                return [f"{name}@{domain.lower()}" for name in names]
    return []


def _status(text: str) -> str | None:
    if found := _STATUS.search(text):
        return found[1]
    code = _CODE.search(text)
    return f"{code[1]}.0.0" if code else None


def _reason(notice: str, emails: list[str]) -> str:
    """What is said beside or below the failed address; else the line with a reply code; else the first that says so."""
    lines = [" ".join(line.split()) for line in notice.splitlines()[:_MOST_LINES]]
    beside = _beside(lines, emails[0]) if emails else ""
    if beside and (_STATUS.search(beside) or _CODE.search(beside)):
        return beside[:500]
    coded = next((line for line in lines if _STATUS.search(line) or _CODE.search(line)), None)
    if coded or beside:
        return (coded or beside)[:500]
    return next((line for line in lines if _FAILED.search(line[:400])), "")[:500]


def _beside(lines: list[str], email: str) -> str:
    """The words after an address, on its line and on those below it up to an empty one; without the address."""
    for index, line in enumerate(lines):
        before, found, rest = line.lower().partition(email.lower())
        if found:
            words = [line[len(before) + len(email) :], *lines[index + 1 : index + 6]]
            if not rest.strip(" <>:;,.()") and len(words) > 1 and not words[1]:
                words = [words[0], *words[2:]]
            # "because:", then an empty line, then why.
            ends = (at for at, word in enumerate(words) if at and not word and not words[at - 1].endswith(":"))
            return " ".join(" ".join(words[: next(ends, len(words))]).split()).strip(" <>:;,-()")
    return ""
