"""Whether a message concerns a lead, which one, in which direction, and if not, why not. Pure.

A message is relevant when a contact takes part in it. Coworkers are never contacts here, whatever the address book
says. A reply from an unknown address joins the lead of the conversation it answers, if that was one lead alone and
it answers something we sent: References can be forged, the Message-ID of our own email can only be known to those
who received it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec


class Reason(IntEnum):
    """Why an email stands on a lead. Stored as the number: never renumber."""

    WRITTEN_HERE = 0
    ADDRESS = 1
    REPLY = 2
    REPORT = 3
    NAME = 4
    DOMAIN = 5


REASON_TEXT: Mapping[Reason, str] = {
    Reason.WRITTEN_HERE: "It was written in Postroom on this lead.",
    Reason.ADDRESS: "A contact of this lead takes part in it.",
    Reason.REPLY: "It answers an email to this lead, from an address that no contact has.",
    Reason.REPORT: "It reports what became of an email to this lead.",
    Reason.NAME: "It is with somebody of a contact's name, which a person confirmed.",
    Reason.DOMAIN: "It is with somebody at the lead's company, which a person confirmed.",
}


class Outcome(StrEnum):
    """What was decided. The journey maps it to the ledger's verdict of the same name."""

    KEPT = "kept"
    COWORKERS = "coworkers"
    NO_CONTACT = "no_contact"
    EXCLUDED = "excluded"
    BEFORE_HISTORY = "before_history"
    UNCONFIRMED = "unconfirmed"
    DRAFT = "draft"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Person:
    """A contact at an address."""

    contact_id: str
    lead_id: str


@dataclass(frozen=True, slots=True)
class Concern:
    """A lead that a message concerns."""

    lead_id: str
    contact_id: str | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Answered:
    """An email of ours that a message says it answers: on which lead, and its subject without prefixes."""

    lead_id: str
    contact_id: str | None
    subject: str


class Letter(msgspec.Struct, frozen=True, gc=False):
    """The parts of a message that decide. Addresses are comparison keys; `received` is when the server got it."""

    senders: tuple[str, ...]
    recipients: tuple[str, ...]
    subject: str
    received: datetime | None
    is_draft: bool = False

    @property
    def participants(self) -> tuple[str, ...]:
        """Senders, then recipients."""
        return self.senders + self.recipients


@dataclass(frozen=True, slots=True)
class Rules:
    """The account's and the organization's rules. `excluded` gives the pattern that matches an address, if any."""

    is_ours: Callable[[str], bool]
    is_coworker: Callable[[str], bool]
    excluded: Callable[[str], str | None]
    history_from: datetime | None
    auto_link: bool


class Proposal(msgspec.Struct, frozen=True):
    """A lead that a message may concern: by which address (key), and what speaks for it, in words."""

    concern: Concern
    key: str
    sign: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What people decided about a message or its sender, and what may still be proposed.

    `has_refused`: a person has said of everything there was to propose that it is not so.
    """

    accepted: tuple[Concern, ...] = ()
    proposed: tuple[Proposal, ...] = ()
    has_refused: bool = False


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """The decision. `detail` names the exclude pattern where one decided. `proposals` go with UNCONFIRMED."""

    outcome: Outcome
    outgoing: bool
    concerns: tuple[Concern, ...] = ()
    detail: str = ""
    proposals: tuple[Proposal, ...] = ()


def judge(
    letter: Letter, rules: Rules, people: Mapping[str, Sequence[Person]], answered: Sequence[Answered]
) -> Judgement:
    """Decide one message. `people`: contacts by address key; `answered`: our emails that it names as answered."""
    outgoing = any(rules.is_ours(key) for key in letter.senders)
    if letter.is_draft:
        return Judgement(Outcome.DRAFT, outgoing)
    outsiders = outside(letter, rules)
    if not outsiders:
        return Judgement(Outcome.COWORKERS if letter.senders else Outcome.NO_CONTACT, outgoing)
    concerns = _concerns(outsiders, people) or _as_reply(letter, outgoing, answered)
    if not concerns:
        return Judgement(Outcome.NO_CONTACT, outgoing)
    if pattern := _exclusion(letter, rules, outgoing):
        return Judgement(Outcome.EXCLUDED, outgoing, detail=pattern)
    if refused := _refused_by_settings(letter, rules):
        return Judgement(refused, outgoing)
    return Judgement(Outcome.KEPT, outgoing, concerns)


def with_links(letter: Letter, rules: Rules, before: Judgement, linked: Linked) -> Judgement:
    """The decision with what people have said about links. Only what `judge` left open changes."""
    if before.outcome not in (Outcome.NO_CONTACT, Outcome.UNCONFIRMED):
        return before
    if not linked.accepted and not linked.proposed:
        return Judgement(Outcome.REFUSED, before.outgoing) if linked.has_refused else before
    if pattern := _exclusion(letter, rules, before.outgoing):
        return Judgement(Outcome.EXCLUDED, before.outgoing, detail=pattern)
    if rules.history_from and letter.received and letter.received < rules.history_from:
        return Judgement(Outcome.BEFORE_HISTORY, before.outgoing)
    if linked.accepted:
        return Judgement(Outcome.KEPT, before.outgoing, linked.accepted)
    return Judgement(Outcome.UNCONFIRMED, before.outgoing, proposals=linked.proposed)


def still_kept(letter: Letter, rules: Rules) -> Outcome:
    """What becomes of a logged message under the rules about people as they are now. Whom it concerns stays as it was.

    The history window goes by the server's time, which only the server knows.
    """
    outgoing = any(rules.is_ours(key) for key in letter.senders)
    if not outside(letter, rules):
        return Outcome.COWORKERS
    return Outcome.EXCLUDED if _exclusion(letter, rules, outgoing) else Outcome.KEPT


def outside(letter: Letter, rules: Rules) -> list[str]:
    """Address keys of everyone who is not a coworker, senders first."""
    return [key for key in dict.fromkeys(letter.participants) if not rules.is_coworker(key)]


def _concerns(outsiders: Sequence[str], people: Mapping[str, Sequence[Person]]) -> tuple[Concern, ...]:
    found: dict[str, Concern] = {}
    for key in outsiders:
        for person in people.get(key, ()):
            found.setdefault(person.lead_id, Concern(person.lead_id, person.contact_id, Reason.ADDRESS))
    return tuple(found.values())


def _as_reply(letter: Letter, outgoing: bool, answered: Sequence[Answered]) -> tuple[Concern, ...]:
    """A reply from an unknown address joins the conversation's lead, unless that went to several leads."""
    leads = {answer.lead_id for answer in answered}
    if outgoing or len(leads) != 1:
        return ()
    # A second sign beside the header, which anyone can write: a reply keeps the subject.
    if all(answer.subject != letter.subject for answer in answered):
        return ()
    return (Concern(answered[0].lead_id, None, Reason.REPLY),)


def _exclusion(letter: Letter, rules: Rules, outgoing: bool) -> str | None:
    """Incoming mail is left out by its sender; outgoing mail only when every outside recipient is."""
    if not outgoing:
        return next(filter(None, map(rules.excluded, letter.senders)), None)
    patterns = [rules.excluded(key) for key in letter.recipients if not rules.is_coworker(key)]
    return patterns[0] if patterns and all(patterns) else None


def _refused_by_settings(letter: Letter, rules: Rules) -> Outcome | None:
    if rules.history_from and letter.received and letter.received < rules.history_from:
        return Outcome.BEFORE_HISTORY
    return None if rules.auto_link else Outcome.UNCONFIRMED
