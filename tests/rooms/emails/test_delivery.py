"""What each answer of a server makes of a delivery: nobody gets an email twice, nobody is forgotten."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from postroom.ground.errors import NeedsUser, Remedy, Temporary
from postroom.rooms.emails.delivery import (
    CONNECTION_WAITS,
    LONGEST_DELIVERY,
    SOFT_WAITS,
    Aftermath,
    Attempt,
    DeliveryState,
    after,
    failed,
    found_in_sent,
    next_lookup,
    not_in_sent,
)
from postroom.wire.smtp.types import DeliveryReply, Outcome, Permanence, Refusal, Scope, Verdict

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOB, CARL, DORA = "bob@example.com", "carl@example.com", "dora@example.com"
FIRST = Attempt(1, was_sent=False, now=NOW)
AGAIN = Attempt(2, was_sent=True, now=NOW)


def refusal(recipient: str, permanence: Permanence, wait: float | None = None) -> Refusal:
    code = 450 if permanence is Permanence.TEMPORARY else 550
    verdict = Verdict(Scope.RECIPIENT, permanence, f"{code} no", retry_after_seconds=wait)
    return Refusal(recipient, code, f"{code} no", verdict)


def soft(recipient: str, wait: float | None = None) -> Refusal:
    return refusal(recipient, Permanence.TEMPORARY, wait)


def hard(recipient: str) -> Refusal:
    return refusal(recipient, Permanence.PERMANENT)


def accepted(*recipients: str, refused: tuple[Refusal, ...] = ()) -> DeliveryReply:
    return DeliveryReply(Outcome.ACCEPTED, recipients, refused, "250 ok")


def refused(verdict: Verdict) -> DeliveryReply:
    return DeliveryReply(Outcome.REFUSED, (), (), verdict.message, verdict)


def test_accepted_is_sent() -> None:
    result = after(accepted(BOB), FIRST, (BOB,))
    assert (result.state, result.reached, result.recipients) == (DeliveryState.SENT, True, ())


def test_those_put_off_are_tried_again_alone_and_those_refused_never() -> None:
    result = after(accepted(BOB, refused=(soft(CARL), hard(DORA))), FIRST, (BOB, CARL, DORA))
    assert result.state is DeliveryState.WAITING
    assert result.reached
    assert result.recipients == (CARL,)
    assert result.due_at == NOW + SOFT_WAITS[0]
    assert [one.email for one in result.refused] == [DORA]


def test_too_many_recipients_at_once_is_continued_at_once() -> None:
    result = after(accepted(BOB, refused=(soft(CARL, 0),)), FIRST, (BOB, CARL))
    assert (result.recipients, result.due_at) == ((CARL,), NOW)


def test_everybody_refused_is_failed_with_the_servers_words() -> None:
    result = after(DeliveryReply(Outcome.REFUSED, (), (hard(BOB),), "550 no"), FIRST, (BOB,))
    assert (result.state, result.error) == (DeliveryState.FAILED, "550 no")
    assert [one.email for one in result.refused] == [BOB]


def test_the_last_one_refused_leaves_an_email_sent_that_somebody_has() -> None:
    result = after(DeliveryReply(Outcome.REFUSED, (), (hard(CARL),), "550 no"), AGAIN, (CARL,))
    assert result.state is DeliveryState.SENT
    assert [one.email for one in result.refused] == [CARL]


def test_a_soft_refusal_is_given_up_after_the_last_wait() -> None:
    waits = []
    for number in range(1, len(SOFT_WAITS) + 1):
        result = after(DeliveryReply(Outcome.REFUSED, (), (soft(BOB),), "450"), Attempt(number, False, NOW), (BOB,))
        assert result.state is DeliveryState.WAITING
        assert result.due_at is not None
        waits.append(result.due_at - NOW)
    assert tuple(waits) == SOFT_WAITS
    last = Attempt(len(SOFT_WAITS) + 1, False, NOW)
    assert after(DeliveryReply(Outcome.REFUSED, (), (soft(BOB),), "450"), last, (BOB,)).state is DeliveryState.FAILED


def test_a_broken_connection_is_tried_again_with_growing_waits_and_a_cap() -> None:
    verdict = Verdict(Scope.CONNECTION, Permanence.TEMPORARY, "gone")
    first = after(refused(verdict), FIRST, (BOB,))
    assert (first.state, first.connection_failed) == (DeliveryState.WAITING, True)
    assert first.due_at == NOW + CONNECTION_WAITS[0]
    last = Attempt(len(CONNECTION_WAITS) + 1, False, NOW)
    assert after(refused(verdict), last, (BOB,)).state is DeliveryState.FAILED


@pytest.mark.parametrize("permanence", [Permanence.TEMPORARY, Permanence.NEEDS_USER])
def test_the_accounts_fault_is_not_the_emails(permanence: Permanence) -> None:
    verdict = Verdict(Scope.ACCOUNT, permanence, "535 no", Remedy.PASSWORD)
    result = after(refused(verdict), Attempt(3, False, NOW), (BOB,))
    assert (result.state, result.attempts, result.recipients) == (DeliveryState.WAITING, 2, (BOB,))
    assert result.due_at == NOW
    assert isinstance(result.account_error, NeedsUser if permanence is Permanence.NEEDS_USER else Temporary)


def test_a_refused_message_is_failed() -> None:
    verdict = Verdict(Scope.CONTENT, Permanence.PERMANENT, "554 spam")
    assert after(refused(verdict), FIRST, (BOB,)).state is DeliveryState.FAILED


def test_no_clear_answer_is_unknown_and_the_put_off_wait_for_it() -> None:
    reply = DeliveryReply(Outcome.UNKNOWN, (BOB,), (soft(CARL), hard(DORA)), "the connection broke")
    result = after(reply, FIRST, (BOB, CARL, DORA))
    assert result.state is DeliveryState.UNKNOWN
    assert (result.recipients, result.later) == ((BOB,), (CARL,))
    assert not result.reached


def test_found_in_sent_is_sent_and_the_put_off_go_on() -> None:
    assert found_in_sent((), FIRST).state is DeliveryState.SENT
    going_on = found_in_sent((CARL,), FIRST)
    assert (going_on.state, going_on.recipients, going_on.reached) == (DeliveryState.WAITING, (CARL,), True)


def test_absent_from_sent_goes_out_again_only_where_the_provider_files_by_itself() -> None:
    assert not_in_sent((BOB,), FIRST, provider_files=True).state is DeliveryState.WAITING
    asked = not_in_sent((BOB,), FIRST, provider_files=False)
    assert asked.state is DeliveryState.FAILED
    assert "may have been sent" in asked.error


def test_the_last_look_into_sent_comes_after_any_sender_has_given_up() -> None:
    claimed_at, now, lookups = NOW, NOW, 0
    while (again := next_lookup(lookups, claimed_at, now)) is not None:
        assert again > now
        now, lookups = again, lookups + 1
    assert lookups >= 2
    assert now >= claimed_at + LONGEST_DELIVERY
    assert now <= claimed_at + 2 * LONGEST_DELIVERY


def test_random_histories_lose_nobody_and_double_nobody() -> None:
    """Whatever a server answers, in any order: each recipient ends accepted once, or refused, and never both."""
    for seed in range(3000):
        everybody = tuple(f"p{number}@example.com" for number in range(random.Random(seed).randint(1, 6)))
        _play(random.Random(seed), everybody)


def _play(dice: random.Random, everybody: tuple[str, ...]) -> None:
    got: list[str] = []
    lost: list[str] = []
    now, attempts, was_sent, recipients = NOW, 0, False, everybody
    for _ in range(400):
        attempt = Attempt(attempts + 1, was_sent, now)
        result = _answer(dice, attempt, recipients, got)
        lost += [one.email for one in result.refused]
        was_sent = was_sent or result.reached
        if result.state in (DeliveryState.SENT, DeliveryState.FAILED):
            assert (result.state is DeliveryState.SENT) == was_sent
            break
        assert result.state is DeliveryState.WAITING
        assert result.due_at is not None
        now, attempts, recipients = max(now, result.due_at), result.attempts, result.recipients
    else:
        raise AssertionError("it never ends")
    assert sorted(got + lost) == sorted(everybody)


def _answer(dice: random.Random, attempt: Attempt, recipients: tuple[str, ...], got: list[str]) -> Aftermath:
    fates = {one: dice.choice("aaasshh") for one in recipients}
    refusals = tuple(soft(one) if fate == "s" else hard(one) for one, fate in fates.items() if fate != "a")
    taken = tuple(one for one, fate in fates.items() if fate == "a")
    match dice.randint(0, 6):
        case 0:
            return after(refused(Verdict(Scope.CONNECTION, Permanence.TEMPORARY, "gone")), attempt, recipients)
        case 1 if attempt.now < NOW + timedelta(days=20):
            got_nothing = Verdict(Scope.ACCOUNT, Permanence.TEMPORARY, "wait")
            return after(refused(got_nothing), attempt, recipients)
        case 2 if not attempt.was_sent and dice.random() < 0.2:
            return failed("an attachment is lost", attempt, recipients)
        case 3 if taken:
            unknown = after(DeliveryReply(Outcome.UNKNOWN, taken, refusals, "?"), attempt, recipients)
            got += taken
            found = found_in_sent(unknown.later, attempt)
            return Aftermath(
                found.state,
                found.attempts,
                found.recipients,
                refused=unknown.refused,
                due_at=found.due_at,
                reached=True,
            )
        case _ if taken:
            got += taken
            return after(accepted(*taken, refused=refusals), attempt, recipients)
        case _:
            return after(DeliveryReply(Outcome.REFUSED, (), refusals, "no"), attempt, recipients)
