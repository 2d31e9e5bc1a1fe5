"""Which thread a message joins, in whatever order the messages come."""

from itertools import permutations

from postroom.ground.keyed_hash import KeyedHash
from postroom.rooms.emails.threads import MOST_REFERENCES, Newcomer, ThreadSigns, join, thread_keys

HASHES = KeyedHash(b"k" * 32)


def signs(own: str | None, *references: str, subject: str = "offer", is_reply: bool = False) -> ThreadSigns:
    return ThreadSigns(own, references, subject, is_reply, ("bob@bolt.example",))


def threads_of(*messages: ThreadSigns) -> list[str]:
    """The thread of each message when they come one after the other."""
    known: dict[tuple[str, int], str] = {}
    found: dict[int, str] = {}
    for number, message in enumerate(messages):
        newcomer = Newcomer(number, "lead", thread_keys(message, HASHES))
        joined = join([newcomer], known, [f"thread{number}"])
        for place, thread in found.items():
            found[place] = joined.merged.get(thread, thread)
        known = {key: joined.merged.get(thread, thread) for key, thread in known.items()}
        for key in newcomer.keys.leaves:
            known.setdefault(("lead", key), joined.thread_of[number])
        found[number] = joined.thread_of[number]
    return [found[number] for number in range(len(messages))]


def test_a_conversation_is_one_thread_in_any_order_of_arrival() -> None:
    conversation = [
        signs("<a@x>"),
        signs("<b@x>", "<a@x>", is_reply=True),
        signs("<c@x>", "<a@x>", "<b@x>", is_reply=True),
        signs("<d@x>", "<c@x>", is_reply=True),
    ]
    for order in permutations(conversation):
        assert len(set(threads_of(*order))) == 1


def test_one_batch_gives_the_same_as_one_by_one() -> None:
    messages = [signs("<d@x>", "<c@x>", is_reply=True), signs("<a@x>"), signs("<c@x>", "<a@x>", is_reply=True)]
    newcomers = [Newcomer(n, "lead", thread_keys(m, HASHES)) for n, m in enumerate(messages)]
    joined = join(newcomers, {}, ["t0", "t1", "t2"])
    assert len(set(joined.thread_of.values())) == 1
    assert len(joined.new) == 1


def test_equal_subjects_without_a_reply_are_two_threads() -> None:
    assert len(set(threads_of(signs("<a@x>"), signs("<b@x>")))) == 2


def test_a_reply_without_references_joins_by_subject_and_people_in_both_orders() -> None:
    original, reply = signs("<a@x>"), signs("<b@x>", is_reply=True)
    assert len(set(threads_of(original, reply))) == 1
    assert len(set(threads_of(reply, original))) == 1


def test_a_reply_without_references_of_other_people_stays_apart() -> None:
    other = ThreadSigns("<b@x>", (), "offer", True, ("eve@else.example",))
    assert len(set(threads_of(signs("<a@x>"), other))) == 2


def test_another_lead_is_another_thread() -> None:
    newcomers = [Newcomer(n, f"lead{n}", thread_keys(signs("<a@x>"), HASHES)) for n in range(2)]
    assert len(set(join(newcomers, {}, ["t0", "t1"]).thread_of.values())) == 2


def test_gmails_conversation_ties_what_has_no_references() -> None:
    a = ThreadSigns("<a@x>", (), "", False, (), gmail="account:7")
    b = ThreadSigns("<b@x>", (), "", False, (), gmail="account:7")
    assert len(set(threads_of(a, b))) == 1


def test_a_thread_that_stands_keeps_its_id_when_two_become_one() -> None:
    keys = {name: HASHES.of_text(name) for name in ("<a@x>", "<b@x>")}
    known = {("lead", keys["<a@x>"]): "acti_1", ("lead", keys["<b@x>"]): "acti_2"}
    newcomer = Newcomer(0, "lead", thread_keys(signs("<c@x>", "<a@x>", "<b@x>", is_reply=True), HASHES))
    joined = join([newcomer], known, ["acti_3"])
    assert joined.thread_of == {0: "acti_1"}
    assert joined.merged == {"acti_2": "acti_1"}
    assert not joined.new


def test_ten_thousand_references_leave_a_bounded_number_of_keys() -> None:
    many = signs("<z@x>", *(f"<{n}@x>" for n in range(10_000)), is_reply=True)
    keys = thread_keys(many, HASHES)
    assert len(keys.leaves) <= MOST_REFERENCES + 1
    assert HASHES.of_text("<0@x>") in keys.leaves
    assert HASHES.of_text("<9999@x>") in keys.leaves
