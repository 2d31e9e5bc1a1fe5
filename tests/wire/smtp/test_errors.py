"""What real providers say, and what it means: whom it concerns, whether it passes, what a person has to do."""

import pytest

from postroom.ground.errors import NeedsUser, Permanent, Remedy, Temporary
from postroom.wire.smtp.errors import judge
from postroom.wire.smtp.types import Permanence, Reply, Scope, Stage
from tests.servers import smtp_faults as said

TEMPORARY, PERMANENT, NEEDS_USER = Permanence.TEMPORARY, Permanence.PERMANENT, Permanence.NEEDS_USER


def reply(code: int, text: str) -> Reply:
    enhanced, _, words = text.partition(" ")
    if enhanced[:2] not in ("2.", "4.", "5."):
        enhanced, words = "", text
    return Reply(code, enhanced, (text,), words.replace("\n", " "))


CASES = [
    # A person must put the account right.
    (Stage.LOGIN, said.MICROSOFT_SMTP_AUTH_OFF, Scope.ACCOUNT, NEEDS_USER, Remedy.SMTP_AUTH),
    (Stage.LOGIN, said.MICROSOFT_BASIC_AUTH_OFF, Scope.ACCOUNT, NEEDS_USER, Remedy.SMTP_AUTH),
    (Stage.LOGIN, (550, "5.7.30 Basic authentication is not supported for Client Submission."), Scope.ACCOUNT,
     NEEDS_USER, Remedy.CONSENT),
    (Stage.SENDER, said.MICROSOFT_NOT_AUTHENTICATED, Scope.ACCOUNT, NEEDS_USER, Remedy.SMTP_AUTH),
    (Stage.SENDER, said.AUTH_REQUIRED, Scope.ACCOUNT, NEEDS_USER, Remedy.SMTP_AUTH),
    (Stage.SENDER, (530, "5.7.0 Must issue a STARTTLS command first"), Scope.ACCOUNT, NEEDS_USER, Remedy.SETTINGS),
    (Stage.LOGIN, said.GMAIL_APP_PASSWORD, Scope.ACCOUNT, NEEDS_USER, Remedy.APP_PASSWORD),
    (Stage.LOGIN, said.GMAIL_WEB_LOGIN, Scope.ACCOUNT, NEEDS_USER, Remedy.PASSWORD),
    (Stage.LOGIN, said.GMAIL_WRONG_PASSWORD, Scope.ACCOUNT, NEEDS_USER, Remedy.PASSWORD),
    (Stage.LOGIN, (535, "5.7.8 Error: authentication failed"), Scope.ACCOUNT, NEEDS_USER, Remedy.PASSWORD),
    (Stage.LOGIN, (535, "Authentication credentials invalid"), Scope.ACCOUNT, NEEDS_USER, Remedy.PASSWORD),
    (Stage.CONTENT, (535, "5.7.3 Token expired"), Scope.ACCOUNT, NEEDS_USER, Remedy.PASSWORD),
    (Stage.CONTENT, (550, "5.1.8 Access denied, bad outbound sender"), Scope.ACCOUNT, NEEDS_USER,
     Remedy.PROVIDER_LIMIT),
    (Stage.CONNECT, (554, "5.7.1 Service unavailable; client host blocked"), Scope.ACCOUNT, NEEDS_USER,
     Remedy.ALLOW_LIST),
    # The account must wait, though some of these are 5xx.
    (Stage.CONTENT, said.GMAIL_DAILY_LIMIT, Scope.ACCOUNT, TEMPORARY, None),
    (Stage.CONTENT, (554, "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException"), Scope.ACCOUNT,
     TEMPORARY, None),
    (Stage.CONTENT, (550, "5.7.1 You have exceeded your daily limit"), Scope.ACCOUNT, TEMPORARY, None),
    (Stage.SENDER, said.MICROSOFT_BUSY, Scope.ACCOUNT, TEMPORARY, None),
    (Stage.SENDER, (454, "Throttling failure: Maximum sending rate exceeded."), Scope.ACCOUNT, TEMPORARY, None),
    (Stage.LOGIN, (454, "4.7.0 Too many login attempts, please try again later."), Scope.ACCOUNT, TEMPORARY, None),
    (Stage.LOGIN, said.DOVECOT_TEMPORARY_AUTH, Scope.ACCOUNT, TEMPORARY, None),
    (Stage.RECIPIENT, (450, "4.2.1 Peak SMTP relay limit exceeded for customer."), Scope.ACCOUNT, TEMPORARY, None),
    (Stage.CONTENT, said.GMAIL_RATE, Scope.ACCOUNT, TEMPORARY, None),
    # The connection.
    (Stage.RECIPIENT, said.POSTFIX_SHUTTING_DOWN, Scope.CONNECTION, TEMPORARY, None),
    (Stage.CONTENT, (451, "4.3.0 Error: queue file write error"), Scope.CONNECTION, TEMPORARY, None),
    (Stage.SENDER, (452, "4.3.1 Insufficient system storage"), Scope.CONNECTION, TEMPORARY, None),
    # A recipient.
    (Stage.RECIPIENT, said.POSTFIX_GREYLISTED, Scope.RECIPIENT, TEMPORARY, None),
    (Stage.RECIPIENT, said.POSTFIX_UNKNOWN_USER, Scope.RECIPIENT, PERMANENT, None),
    (Stage.RECIPIENT, (450, "4.2.1 The user you are trying to contact is receiving mail too quickly."),
     Scope.RECIPIENT, TEMPORARY, None),
    (Stage.RECIPIENT, said.MAILBOX_FULL, Scope.RECIPIENT, PERMANENT, None),
    (Stage.RECIPIENT, (452, "4.5.3 Error: too many recipients"), Scope.RECIPIENT, TEMPORARY, None),
    (Stage.RECIPIENT, (550, "No such user"), Scope.RECIPIENT, PERMANENT, None),
    # The sender and the message.
    (Stage.CONTENT, said.MICROSOFT_SEND_AS_DENIED, Scope.SENDER, PERMANENT, None),
    (Stage.RECIPIENT, (553, "5.7.1 <a@b.c>: Sender address rejected: not owned by user d"), Scope.SENDER, PERMANENT,
     None),
    (Stage.CONTENT, said.GMAIL_TOO_BIG, Scope.CONTENT, PERMANENT, None),
    (Stage.SENDER, (552, "5.3.4 Message size exceeds fixed limit"), Scope.CONTENT, PERMANENT, None),
    (Stage.CONTENT, said.REFUSED_CONTENT, Scope.CONTENT, PERMANENT, None),
    (Stage.CONTENT, (550, "5.7.26 Unauthenticated email is not accepted"), Scope.CONTENT, PERMANENT, None),
    (Stage.CONTENT, (451, "4.7.1 Please try again later"), Scope.CONTENT, TEMPORARY, None),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "words", "scope", "permanence", "remedy"), CASES)
def test_a_reply_is_judged_by_whom_it_concerns_and_whether_it_passes(
    stage: Stage, words: tuple[int, str], scope: Scope, permanence: Permanence, remedy: Remedy | None
) -> None:
    verdict = judge(stage, reply(*words), "smtp.example.com")
    assert (verdict.scope, verdict.permanence, verdict.remedy) == (scope, permanence, remedy)
    assert str(words[0]) in verdict.message
    kind = {TEMPORARY: Temporary, PERMANENT: Permanent, NEEDS_USER: NeedsUser}[permanence]
    assert isinstance(verdict.as_error(), kind)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.2.0 Greylisted, please try again in 300 seconds", 300),
        ("Please retry in 10 minutes.", 600),
        ("try again after 2 hours", 7200),
        ("try again in 99999 hours", 24 * 3600),
        ("please try later", None),
    ],
)
def test_how_long_the_server_asks_us_to_wait(text: str, seconds: float | None) -> None:
    assert judge(Stage.RECIPIENT, reply(450, text), "smtp.example.com").retry_after_seconds == seconds
