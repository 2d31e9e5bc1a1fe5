"""Folder names to and fro."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.wire.imap.names import decoded, encoded, wire_name
from postroom.wire.imap.types import Folder, FolderRole

CASES = [  # the first two from RFC 3501 section 5.1.3
    ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ("☺!", b"&Jjo-!"),
    ("Entwürfe", b"Entw&APw-rfe"),
    ("R & D", b"R &- D"),
    ("Отправленные", b"&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"),
    ("a\tb", b"a&AAk-b"),
    ("😀", b"&2D3eAA-"),
]


@pytest.mark.parametrize(("name", "raw"), CASES)
def test_names_in_modified_utf7(name: str, raw: bytes) -> None:
    assert encoded(name) == raw
    assert decoded(raw) == name


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_comes_back(name: str) -> None:
    assert decoded(encoded(name)) == name


@given(st.binary(max_size=40))
def test_every_raw_name_can_be_shown(raw: bytes) -> None:
    decoded(raw).encode()  # no lone surrogate: the database takes none


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"Entw\xc3\xbcrfe", "Entwürfe"),  # UTF-8 without having been asked for
        (b"Entw\xfcrfe", "Entwürfe"),  # Latin-1, as some old servers have
        (b"A & B", "A & B"),  # an ampersand that begins nothing
        (b"&&&", "&&&"),
        (b"&AGEAYg-", "ab"),  # needlessly encoded
        (b"&2D0-", "&2D0-"),  # half a surrogate pair
    ],
)
def test_broken_names_are_shown_as_well_as_can_be(raw: bytes, name: str) -> None:
    assert decoded(raw) == name


def test_the_server_is_told_its_own_name_or_utf8_where_agreed() -> None:
    folder = Folder("Entwürfe", b"Entw&APw-rfe", "/", FolderRole.DRAFTS, True)
    assert wire_name(folder, in_utf8=False) == b"Entw&APw-rfe"
    assert wire_name(folder, in_utf8=True) == "Entwürfe".encode()
