"""Reports of 26 mail systems, automatic answers, complaints, and people: told apart, measured, in numbers that hold.

`python -m tests.wire.mime.test_report_formats` prints precision and recall, and each sample that is misread.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from postroom.wire.mime.bounce_reasons import is_hard
from postroom.wire.mime.bounce_texts import daemon_sent
from postroom.wire.mime.bounces import Automatic, Origin, classify, may_be_report
from postroom.wire.mime.parse import parse
from tests.wire.mime.corpora import cases, content
from tests.wire.mime.formats import answers, structured, worded
from tests.wire.mime.formats.sample import DELAY, FAILURES, OUR_ID, Sample

REPORTS = (Origin.BOUNCE, Origin.DELAYED, Origin.COMPLAINT)
AUTOMATIC = (Origin.AUTO_REPLY, Origin.AUTO_GENERATED)


def samples() -> Iterator[Sample]:
    """All of them: each format with each failure."""
    for number, failure in enumerate(FAILURES):
        to = f"customer.{number}@there.example"
        for report in structured.FORMATS:
            raw = report(to, failure, "failed")
            yield Sample(
                f"{report.__name__} {failure.said}", raw, "bounce", (to,), failure.is_hard, names_original=True
            )
        for notice in worded.FORMATS:
            yield Sample(
                f"{notice.__name__} {failure.said}",
                notice(to, failure),
                "bounce",
                (to,),
                failure.is_hard,
                names_original=True,
            )
    for report in structured.FORMATS:
        raw = report("slow@there.example", DELAY, "delayed")
        yield Sample(f"{report.__name__} delayed", raw, "delayed", ("slow@there.example",), names_original=True)
    yield from answers.complaints()
    yield from answers.automatic_answers()
    yield from answers.from_people()


@dataclass
class Measured:
    """Counts of one question: how often it was rightly answered yes, wrongly yes, wrongly no."""

    right: int = 0
    false_alarms: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def note(self, name: str, expected: bool, found: bool) -> None:
        if expected and found:
            self.right += 1
        elif found:
            self.false_alarms.append(name)
        elif expected:
            self.missed.append(name)

    @property
    def precision(self) -> float:
        return self.right / ((self.right + len(self.false_alarms)) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + len(self.missed)) or 1)


def acted_on(raw: bytes) -> Automatic | None:
    """What arriving mail makes of it: what the header does not announce, or a person only quotes, counts for nothing."""
    parsed = parse(raw)
    said = classify(parsed, raw)
    trusted = said.is_structured or daemon_sent(parsed.head)
    return said if trusted and said.origin in REPORTS and may_be_report(parsed.head) else None


def measure() -> dict[str, Measured]:
    found: dict[str, Measured] = {
        name: Measured()
        for name in ("report", "bounce", "delayed", "complaint", "hard", "recipients", "original", "automatic")
    }
    for one in samples():
        said = acted_on(one.raw)
        origin = classify(parse(one.raw), one.raw).origin
        found["report"].note(one.name, one.origin in ("bounce", "delayed", "complaint"), said is not None)
        for kind in (Origin.BOUNCE, Origin.DELAYED, Origin.COMPLAINT):
            found[kind.value].note(one.name, one.origin == kind.value, said is not None and said.origin is kind)
        if one.origin == "bounce":
            found["hard"].note(one.name, one.is_hard, said is not None and any(map(is_hard, said.failed)))
        if one.recipients:
            named = tuple(failed.email for failed in said.failed) if said else ()
            found["recipients"].note(f"{one.name}: {named}", True, named == one.recipients)
        if one.names_original:
            found["original"].note(one.name, True, said is not None and said.original_message_id == OUR_ID)
        if one.origin in ("automatic", "person"):
            found["automatic"].note(one.name, one.origin == "automatic", origin in AUTOMATIC)
    return found


def test_there_are_hundreds_of_samples_of_every_kind() -> None:
    kinds = Counter(one.origin for one in samples())
    assert kinds["bounce"] >= 350 and kinds["automatic"] >= 60 and kinds["person"] >= 60
    assert min(kinds.values()) >= 10


def test_reports_are_found_and_nothing_else_is_taken_for_one() -> None:
    found = measure()
    for name, one in found.items():
        assert one.false_alarms == [], name
    assert {name: one.recall for name, one in found.items() if one.recall < 1} == {}


def test_no_ordinary_mail_of_the_shared_corpora_is_taken_for_a_report() -> None:
    taken = [
        row["id"]
        for row in cases("parse", "reply-text", "thread", "xss", "autoreply")
        if acted_on(content(row)) is not None
    ]
    assert taken == []


if __name__ == "__main__":
    total = Counter(one.origin for one in samples())
    print(sum(total.values()), "samples:", dict(total))
    for name, one in measure().items():
        print(f"{name:12} precision {one.precision:.3f}  recall {one.recall:.3f}  ({one.right} right)")
        for text in one.false_alarms:
            print("    false alarm:", text[:150])
        for text in one.missed:
            print("    missed:", text[:150])
