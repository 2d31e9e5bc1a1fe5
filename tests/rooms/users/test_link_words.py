"""Mails with links, in the receiver's language."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from postroom.rooms.users.access_link import LinkToMail, Purpose
from postroom.rooms.users.link_words import subject_of, text_of

LINK = LinkToMail(
    "link_1", Purpose.INVITATION, "Acme", "ben@acme.test", "Ben", "Ann Admin", datetime(2026, 3, 4, 5, 6, tzinfo=UTC),
    0, b"",
)  # fmt: skip
URL = "https://crm.test/join#secret"


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("inviter", ["Ann Admin", ""])
def test_each_language_says_all_of_it(purpose: Purpose, inviter: str) -> None:
    said = set()
    for language in ("en", "de"):
        link = replace(LINK, purpose=purpose, inviter=inviter, language=language)
        text = text_of(link, URL)
        assert "Acme" in subject_of(link) and f"\n\n{URL}\n\n" in text and "{" not in subject_of(link) + text
        assert "05:06 UTC" in text.replace("\n", " ") and max(map(len, text.splitlines())) <= 78
        assert ("Ann Admin" in text) == (purpose is Purpose.INVITATION and inviter != "")
        said.add((subject_of(link), text))
    assert len(said) == 2


def test_a_language_that_there_is_not_is_english() -> None:
    assert text_of(replace(LINK, language="xx"), URL) == text_of(LINK, URL)
