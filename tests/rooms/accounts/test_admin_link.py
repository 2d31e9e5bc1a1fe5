"""The administrator's link: ours, whole, in time, and without a secret."""

from datetime import UTC, datetime, timedelta

import pytest

from postroom.ground.errors import NotFound
from postroom.rooms.accounts import admin_link
from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.admin_link import AdminLink

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LINK = AdminLink("orga_1", "emailacct_1", Side.SEND, NOW + timedelta(days=7))
KEYS = {"orga_1": b"k" * 32, "orga_2": b"o" * 32}


def test_what_we_wrote_is_read_until_it_ends() -> None:
    token = admin_link.written(LINK, KEYS["orga_1"])
    assert admin_link.read(token, KEYS.__getitem__, NOW) == LINK
    with pytest.raises(NotFound, match="ended"):
        admin_link.read(token, KEYS.__getitem__, NOW + timedelta(days=7, seconds=1))


def test_a_changed_or_foreign_link_is_none() -> None:
    token = admin_link.written(LINK, KEYS["orga_1"])
    other = admin_link.written(AdminLink("orga_2", "emailacct_1", Side.SEND, LINK.expires), KEYS["orga_1"])
    content, _, signature = token.partition(".")
    swapped = admin_link.written(AdminLink("orga_1", "emailacct_2", Side.SEND, LINK.expires), b"guess")
    broken = ["", ".", "a.b", "é.é", content, f"{content}.", f"{content}.{signature[:-2]}", token + "x."]
    for one in [*broken, other, swapped]:
        with pytest.raises(NotFound):
            admin_link.read(one, KEYS.__getitem__, NOW)
