"""Whether a message concerns a lead, and if not, why not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec import structs

from postroom.rooms.emails.relevance import Answered, Concern, Letter, Outcome, Person, Reason, Rules, judge

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ANNA, BEN, BOB, EVE = "anna@acme.example", "ben@acme.example", "bob@bolt.example", "eve@else.example"
PEOPLE = {BOB: [Person("cont_bob", "lead_bolt")], BEN: [Person("cont_ben", "lead_ben")]}
RULES = Rules(
    is_ours=lambda key: key in (ANNA, BEN),
    is_coworker=lambda key: key.endswith("@acme.example"),
    excluded=lambda key: "noreply@*" if key.startswith("noreply@") else None,
    history_from=None,
    auto_link=True,
)


def letter(sender: str, *recipients: str, subject: str = "offer") -> Letter:
    return Letter((sender,), recipients, subject, NOW)


@pytest.mark.parametrize(
    ("message", "outcome", "outgoing"),
    [
        (letter(BOB, ANNA), Outcome.KEPT, False),
        (letter(ANNA, BOB), Outcome.KEPT, True),
        (letter(EVE, ANNA, BOB), Outcome.KEPT, False),
        (letter(EVE, ANNA), Outcome.NO_CONTACT, False),
        (letter(ANNA, EVE), Outcome.NO_CONTACT, True),
        (letter(ANNA, BEN), Outcome.COWORKERS, True),
        (letter("clara@acme.example", ANNA), Outcome.COWORKERS, False),
        (Letter((), (), "", None), Outcome.NO_CONTACT, False),
        (structs.replace(letter(ANNA, BOB), is_draft=True), Outcome.DRAFT, True),
    ],
)
def test_what_becomes_of_a_message(message: Letter, outcome: Outcome, outgoing: bool) -> None:
    decision = judge(message, RULES, PEOPLE, ())
    assert (decision.outcome, decision.outgoing) == (outcome, outgoing)


def test_mail_among_coworkers_is_not_logged_even_when_one_is_a_contact() -> None:
    assert judge(letter(ANNA, BEN), RULES, PEOPLE, ()).outcome is Outcome.COWORKERS


def test_a_coworker_who_is_a_contact_draws_no_mail_with_others_onto_the_lead() -> None:
    decision = judge(letter(BOB, ANNA, BEN), RULES, PEOPLE, ())
    assert decision.concerns == (Concern("lead_bolt", "cont_bob", Reason.ADDRESS),)


def test_one_address_on_two_leads_concerns_both_once() -> None:
    people = {BOB: [Person("c1", "lead1"), Person("c2", "lead2"), Person("c3", "lead1")]}
    decision = judge(letter(BOB, ANNA), RULES, people, ())
    assert [(c.lead_id, c.contact_id) for c in decision.concerns] == [("lead1", "c1"), ("lead2", "c2")]


def test_an_exclude_pattern_leaves_out_what_it_sends_and_names_itself() -> None:
    people = {"noreply@bolt.example": [Person("c", "l")]}
    decision = judge(letter("noreply@bolt.example", ANNA), RULES, people, ())
    assert (decision.outcome, decision.detail) == (Outcome.EXCLUDED, "noreply@*")


def test_outgoing_mail_is_left_out_only_when_every_outside_recipient_is() -> None:
    assert judge(letter(ANNA, BOB, "noreply@x.example"), RULES, PEOPLE, ()).outcome is Outcome.KEPT
    people = {"noreply@x.example": [Person("c", "l")]}
    assert judge(letter(ANNA, "noreply@x.example"), RULES, people, ()).outcome is Outcome.EXCLUDED


def test_mail_from_before_the_history_window_is_left_out() -> None:
    rules = replace(RULES, history_from=NOW)
    old = structs.replace(letter(BOB, ANNA), received=datetime(2020, 1, 1, tzinfo=UTC))
    assert judge(old, rules, PEOPLE, ()).outcome is Outcome.BEFORE_HISTORY
    assert judge(letter(BOB, ANNA), rules, PEOPLE, ()).outcome is Outcome.KEPT


def test_nothing_is_logged_unasked_where_linking_is_switched_off() -> None:
    assert judge(letter(BOB, ANNA), replace(RULES, auto_link=False), PEOPLE, ()).outcome is Outcome.UNCONFIRMED


def test_a_reply_from_an_unknown_address_joins_the_lead_of_what_it_answers() -> None:
    decision = judge(letter(EVE, ANNA), RULES, PEOPLE, [Answered("lead_bolt", "cont_bob", "offer")])
    assert decision.concerns == (Concern("lead_bolt", None, Reason.REPLY),)


def test_a_reply_to_what_went_to_several_leads_joins_none() -> None:
    answered = [Answered("lead1", None, "offer"), Answered("lead2", None, "offer")]
    assert judge(letter(EVE, ANNA), RULES, PEOPLE, answered).outcome is Outcome.NO_CONTACT


def test_a_forged_reference_under_another_subject_reaches_no_lead() -> None:
    answered = [Answered("lead_bolt", None, "something private")]
    assert judge(letter(EVE, ANNA), RULES, PEOPLE, answered).outcome is Outcome.NO_CONTACT


def test_a_references_header_never_adds_a_lead_to_a_contacts_own_mail() -> None:
    decision = judge(letter(BOB, ANNA), RULES, PEOPLE, [Answered("lead_other", None, "offer")])
    assert [concern.lead_id for concern in decision.concerns] == ["lead_bolt"]
