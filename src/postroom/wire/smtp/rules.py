"""The replies that mean more than their code says, by provider, in the order they are tried.

Sources: the providers' own pages on SMTP errors (Gmail, Exchange Online, Amazon SES, Yahoo, iCloud) and what their
users report; RFC 5321, RFC 3463 and RFC 4954 for the rest.
"""

import re
from dataclasses import dataclass

from postroom.ground.errors import Remedy
from postroom.wire.smtp.types import Permanence, Scope, Stage

_ASKED_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of reply: what it looks like (all that is given must fit), and what it means.

    `enhanced` is a start of the RFC 3463 code, `words` are searched for in the text.
    `message` names {host} and {words}.
    """

    scope: Scope
    permanence: Permanence
    message: str
    stages: tuple[Stage, ...] = ()
    codes: tuple[int, ...] = ()
    enhanced: tuple[str, ...] = ()
    words: re.Pattern[str] | None = None
    remedy: Remedy | None = None
    retry_after_seconds: float | None = None


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


RULES: tuple[Rule, ...] = (
    # ── The account must be put right by a person ────────────────────────────────────────────────────────────
    # Gmail with two-step verification. Others do not say so; the providers' table knows them (rooms/accounts).
    Rule(
        Scope.ACCOUNT,
        Permanence.NEEDS_USER,
        "{host} wants an app password in place of the usual one: {words}",
        words=_words(r"app(?:lication)?[- ]specific password|app password|InvalidSecondFactor|WebLoginRequired"),
        remedy=Remedy.APP_PASSWORD,
    ),
    # Exchange Online: basic authentication is being taken away; only OAuth is left then.
    Rule(
        Scope.ACCOUNT,
        Permanence.NEEDS_USER,
        "{host} no longer takes passwords; connect the account through the provider's own sign-in: {words}",
        enhanced=("5.7.30",),
        remedy=Remedy.CONSENT,
    ),
    # Exchange Online: 5.7.139 is said of a mailbox (or tenant) with Authenticated SMTP switched off, and of security
    # defaults and conditional access that forbid it.
    Rule(
        Scope.ACCOUNT,
        Permanence.NEEDS_USER,
        "Authenticated SMTP is switched off for this mailbox at {host}. An administrator switches it on (off and on"
        " again if it is on already), then wait half an hour and reconnect: {words}",
        enhanced=("5.7.139",),
        remedy=Remedy.SMTP_AUTH,
    ),
    Rule(
        Scope.ACCOUNT,
        Permanence.NEEDS_USER,
        "Authenticated SMTP is switched off for this mailbox at {host}: {words}",
        words=_words(r"SmtpClientAuth\w* is disabled|smtp auth\w* (?:extension )?(?:is )?(?:not supported|disabled)"),
        remedy=Remedy.SMTP_AUTH,
    ),
    Rule(
        Scope.ACCOUNT,
        Permanence.NEEDS_USER,
        "{host} wants encryption before anything else; choose STARTTLS or TLS: {words}",
        codes=(530, 538),
        words=_words(r"starttls|encrypt|\btls\b"),
        remedy=Remedy.SETTINGS,
    ),
    # RFC 4954 6: 530 is "authentication required", here after a login that was thought to be good (Exchange says
    # 5.7.57) or for an account without a user name.
    Rule(
        Scope.ACCOUNT,
        Permanence.NEEDS_USER,
        "{host} wants a login before it takes mail: {words}",
        codes=(530,),
        remedy=Remedy.SMTP_AUTH,
    ),
    Rule(
        Scope.ACCOUNT,
        Permanence.NEEDS_USER,
        "{host} refuses the user name or the password: {words}",
        stages=_ASKED_MESSAGE,
        codes=(534, 535),
        remedy=Remedy.PASSWORD,
    ),
    # Exchange Online: sender or tenant blocked for spam; an administrator must release it.
    Rule(
        Scope.ACCOUNT,
        Permanence.NEEDS_USER,
        "{host} has blocked this account from sending: {words}",
        stages=_ASKED_MESSAGE,
        enhanced=("5.1.8", "5.7.501", "5.7.502", "5.7.503", "5.7.705", "5.7.708", "5.7.750"),
        remedy=Remedy.PROVIDER_LIMIT,
    ),
    # ── The account must wait ────────────────────────────────────────────────────────────────────────────────
    # Gmail 550 5.4.5, Exchange 554 5.2.0, iCloud: a 5xx that passes when the rolling day has moved on.
    Rule(
        Scope.ACCOUNT,
        Permanence.TEMPORARY,
        "The provider's daily limit of this account is reached; sending goes on when it allows: {words}",
        stages=_ASKED_MESSAGE,
        enhanced=("5.4.5",),
        retry_after_seconds=3600,
    ),
    Rule(
        Scope.ACCOUNT,
        Permanence.TEMPORARY,
        "The provider's sending limit of this account is reached; sending goes on when it allows: {words}",
        stages=_ASKED_MESSAGE,
        words=_words(
            r"daily (?:\w+ )?(?:sending )?(?:limit|quota)|exceeded your daily|SubmissionQuotaExceeded"
            r"|sending (?:limit|quota)|(?:message|recipient) rate limit|maximum sending rate"
        ),
        retry_after_seconds=3600,
    ),
    # Exchange Online: more than three connections, or too many threads, for this mailbox.
    Rule(
        Scope.ACCOUNT,
        Permanence.TEMPORARY,
        "{host} allows no further connection of this account for the moment: {words}",
        codes=(432,),
        retry_after_seconds=60,
    ),
    Rule(
        Scope.ACCOUNT,
        Permanence.TEMPORARY,
        "{host} asks this account to slow down: {words}",
        enhanced=("4.3.2",),
        words=_words(r"concurrent|thread limit|storedrv"),
        retry_after_seconds=60,
    ),
    # Gmail counts failed and successful logins alike; SES says "Throttling failure" after MAIL or DATA.
    Rule(
        Scope.ACCOUNT,
        Permanence.TEMPORARY,
        "{host} allows no more logins for a while: {words}",
        stages=(Stage.LOGIN,),
        codes=(421, 454),
        retry_after_seconds=900,
    ),
    Rule(
        Scope.ACCOUNT,
        Permanence.TEMPORARY,
        "{host} asks this account to slow down: {words}",
        stages=_ASKED_MESSAGE,
        codes=(454,),
        retry_after_seconds=60,
    ),
    # Gmail 450 4.2.1 says it of the account ("peak SMTP relay limit") and of the recipient ("receiving mail at a
    # rate that prevents"); only the first concerns everyone.
    Rule(
        Scope.ACCOUNT,
        Permanence.TEMPORARY,
        "{host} asks this account to slow down: {words}",
        enhanced=("4.2.1",),
        words=_words(r"relay limit"),
        retry_after_seconds=600,
    ),
    Rule(
        Scope.ACCOUNT,
        Permanence.TEMPORARY,
        "{host} asks this account to slow down: {words}",
        enhanced=("4.7.0", "4.7.28", "4.7.500"),
        words=_words(r"rate|too many|unusual|slow|throttl|limit"),
        retry_after_seconds=600,
    ),
    # ── The message or its sender ────────────────────────────────────────────────────────────────────────────
    # RFC 1870 6.1 and what is used for it in practice. 5.2.2 is the recipient's full mailbox, and stays with it.
    Rule(
        Scope.CONTENT,
        Permanence.PERMANENT,
        "The message is too large for {host}. Send fewer or smaller attachments, or a link: {words}",
        stages=_ASKED_MESSAGE,
        enhanced=("5.3.4", "5.2.3"),
    ),
    Rule(
        Scope.CONTENT,
        Permanence.PERMANENT,
        "The message is too large for {host}. Send fewer or smaller attachments, or a link: {words}",
        stages=(Stage.SENDER, Stage.CONTENT),
        codes=(552,),
    ),
    # Postfix refuses the sender at RCPT, Exchange at DATA.
    Rule(
        Scope.SENDER,
        Permanence.PERMANENT,
        "{host} does not let this account send from that address; choose another sender: {words}",
        stages=_ASKED_MESSAGE,
        words=_words(r"not owned by|SendAsDenied|(?:permissions?|allowed) to send as|sender address rejected"),
    ),
    Rule(
        Scope.CONTENT,
        Permanence.PERMANENT,
        "The receiving side refuses mail of this domain or this content; see to SPF, DKIM and DMARC: {words}",
        stages=_ASKED_MESSAGE,
        enhanced=("5.7.26", "5.7.28", "5.7.515", "5.6.0"),
    ),
    # ── A recipient ──────────────────────────────────────────────────────────────────────────────────────────
    # RFC 5321 4.5.3.1.10: send to those taken, then to the rest at once.
    Rule(
        Scope.RECIPIENT,
        Permanence.TEMPORARY,
        "{host} takes no more recipients in one go: {words}",
        stages=(Stage.RECIPIENT,),
        codes=(452, 552),
        words=_words(r"too many (?:recipients|rcpt)"),
        retry_after_seconds=0,
    ),
    Rule(
        Scope.RECIPIENT,
        Permanence.TEMPORARY,
        "{host} takes no more recipients in one go: {words}",
        stages=(Stage.RECIPIENT,),
        codes=(452,),
        enhanced=("4.5.3",),
        retry_after_seconds=0,
    ),
    # ── The connection ───────────────────────────────────────────────────────────────────────────────────────
    Rule(Scope.CONNECTION, Permanence.TEMPORARY, "{host} closes the connection: {words}", codes=(421,)),
    Rule(
        Scope.CONNECTION,
        Permanence.TEMPORARY,
        "{host} has a difficulty of its own: {words}",
        enhanced=("4.3.", "4.4."),
    ),
)
