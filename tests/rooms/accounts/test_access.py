"""Who may do what with an account."""

from dataclasses import replace

import pytest

from postroom.ground.errors import Forbidden
from postroom.rooms.accounts.access import Asker, demand, may_add, may_change, may_mark_done, may_read, may_send_from
from tests.rooms.accounts.test_account import account

OWN = account(user_id="user_1")
TEAM = account(user_id=None)
OWNER = Asker("orga_1", "user_1")
COWORKER = Asker("orga_1", "user_2")
ADMIN = Asker("orga_1", "user_3", "admin")
RESTRICTED = Asker("orga_1", "user_4", "restricted")
STRANGER = Asker("orga_2", "user_1", "admin")

TABLE = [
    # asker, account, read, send, done, change
    (OWNER, OWN, True, True, True, True),
    (COWORKER, OWN, True, False, False, False),
    (ADMIN, OWN, True, False, False, True),
    (RESTRICTED, OWN, False, False, False, False),
    (STRANGER, OWN, False, False, False, False),
    (COWORKER, TEAM, True, True, True, False),
    (ADMIN, TEAM, True, True, True, True),
    (RESTRICTED, TEAM, True, True, True, False),
    (STRANGER, TEAM, False, False, False, False),
]


@pytest.mark.parametrize(("asker", "of", "read", "send", "done", "change"), TABLE)
def test_a_coworkers_inbox_is_read_and_never_changed(asker, of, read, send, done, change) -> None:  # type: ignore[no-untyped-def]
    assert may_read(asker, of) is read
    assert may_send_from(asker, of) is send
    assert may_mark_done(asker, of) is done
    assert may_change(asker, of) is change


def test_nobody_sends_from_a_removed_account() -> None:
    assert not may_send_from(OWNER, replace(OWN, is_deleted=True))


def test_everyone_connects_their_own_account_and_admins_a_teams() -> None:
    assert may_add(COWORKER, "user_2")
    assert not may_add(COWORKER, "user_1")
    assert not may_add(COWORKER, None)
    assert may_add(ADMIN, None)


def test_a_refusal_says_what_may_not_be_done() -> None:
    with pytest.raises(Forbidden, match="You may not send as Ada"):
        demand(False, "send as Ada")
