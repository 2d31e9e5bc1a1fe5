"""One bit seen three ways: every case, and random histories that must converge and fall silent."""

import random

import pytest

from postroom.rooms.mailbox.placement import Bit, settle


@pytest.mark.parametrize(
    ("agreed", "crm", "mailbox", "expected", "push"),
    [
        (True, True, True, Bit(True, True, True), False),
        (False, False, False, Bit(False, False, False), False),
        (True, False, False, Bit(False, False, False), False),
        (False, True, True, Bit(True, True, True), False),
        (True, True, False, Bit(False, False, False), False),
        (False, False, True, Bit(True, True, True), False),
        (True, False, True, Bit(True, False, True), True),
        (False, True, False, Bit(False, True, False), True),
    ],
)
def test_every_case_of_who_follows_whom(agreed: bool, crm: bool, mailbox: bool, expected: Bit, push: bool) -> None:
    settled = settle(Bit(agreed, crm, mailbox))
    assert settled.bit == expected
    assert settled.push is push


def test_write_back_switched_off_leaves_the_mailbox_alone() -> None:
    settled = settle(Bit(True, False, True), may_push=False)
    assert settled.push is False
    assert settled.bit.crm is False


def test_random_histories_with_crashes_converge_and_fall_silent() -> None:
    luck = random.Random(1)
    for _ in range(20_000):
        bit, mailbox = Bit(True, True, True), True
        for _ in range(luck.randint(1, 8)):
            match luck.choice(("press", "move", "pull", "push", "crashed push")):
                case "press":
                    bit = settle(Bit(bit.agreed, not bit.crm, bit.mailbox)).bit
                case "move":
                    mailbox = not mailbox
                case "pull":
                    bit = settle(Bit(bit.agreed, bit.crm, mailbox)).bit
                case "push" if settle(bit).push:
                    mailbox = bit.crm
                    bit = settle(Bit(bit.agreed, bit.crm, mailbox)).bit
                case "crashed push" if settle(bit).push:
                    mailbox = bit.crm  # moved, and then the power went
        pushes = 0
        for _ in range(4):
            settled = settle(Bit(bit.agreed, bit.crm, mailbox))
            bit = settled.bit
            if settled.push:
                pushes += 1
                mailbox = bit.crm
        assert bit.agreed == bit.crm == bit.mailbox == mailbox
        assert pushes <= 1
