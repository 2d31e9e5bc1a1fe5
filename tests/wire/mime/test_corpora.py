"""Parsing against what stalwart's authors expect, and what three of four other parsers agree on."""

import hashlib
from datetime import datetime

from postroom.wire.mime.parse import attachment_bytes, parse
from postroom.wire.mime.types import Address, ParsedMessage
from tests.wire.mime.corpora import Tally, cases, content, words


def moment(date: datetime | None) -> str | None:
    return date.strftime("%Y-%m-%dT%H:%M:%SZ") if date else None


def people(found: tuple[Address, ...]) -> list[list[str | None]]:
    return [[one.name or None, one.email or None] for one in found]


def emails(found: tuple[Address, ...]) -> list[str]:
    return sorted(one.email.lower() for one in found)


def hashes(raw: bytes, parsed: ParsedMessage) -> list[str]:
    return [hashlib.sha256(attachment_bytes(raw, one.part) or b"").hexdigest() for one in parsed.attachments]


def test_messages_are_read_as_their_authors_expect() -> None:
    """Missed: parts that we show as text and they list as broken attachments (23 messages broken on purpose), file
    names with folders in them, and uuencoded files, which we decode."""
    tally = Tally()
    for row in cases("parse"):
        raw, expected = content(row), row["expected"]
        parsed = parse(raw)
        head = parsed.head
        got = {
            "from": people(head.from_), "to": people(head.to), "reply_to": people(head.reply_to),
            "subject": head.subject, "date": moment(head.date), "message_id": (head.message_id or "")[1:-1],
        }  # fmt: skip
        for field in expected.keys() & got.keys():
            tally.check(field, got[field], expected[field], row["id"])
        for field, text in (("text", parsed.text), ("html", parsed.html)):
            if field in expected:
                tally.check(field, words(text), words(expected[field]), row["id"])
        wanted = expected.get("attachments")
        if wanted is not None:
            tally.check("attachments", len(parsed.attachments), len(wanted), row["id"])
            for one, digest, other in zip(parsed.attachments, hashes(raw, parsed), wanted, strict=False):
                tally.check("file name", one.filename, other["filename"], row["id"])
                tally.check("type", one.content_type, other["content_type"], row["id"])
                if "sha256" in other:
                    tally.check("bytes", (one.size, digest), (other["size"], other["sha256"]), row["id"])
    tally.at_most(**{"text": 6, "attachments": 13, "file name": 6, "bytes": 5})


def test_messages_are_read_as_other_parsers_agree() -> None:
    """Missed: two texts in Latin-1 whose control characters we read as windows-1252, as browsers do."""
    tally = Tally()
    for row in cases("parse-consensus"):
        raw, expected = content(row), row["expected"]
        parsed = parse(raw)
        head = parsed.head
        got = {
            "from": emails(head.from_), "to": emails(head.to), "cc": emails(head.cc), "subject": words(head.subject),
            "from_name": words(head.from_[0].name) if head.from_ else None, "date": moment(head.date),
            "message_id": (head.message_id or "")[1:-1], "text_n": words(parsed.text), "html_n": words(parsed.html),
            "n_attachments": len(parsed.attachments), "att_sha": sorted(hashes(raw, parsed)),
            "att_names": sorted(one.filename or "" for one in parsed.attachments),
        }  # fmt: skip
        for field in expected.keys() & got.keys():
            wanted = expected[field]
            tally.check(field, got[field], sorted(wanted) if isinstance(wanted, list) else wanted, row["id"])
    tally.at_most(text_n=2, html_n=1)


def test_the_stated_size_is_that_of_the_decoded_bytes() -> None:
    for row in cases("parse", "parse-consensus", "bounce"):
        raw = content(row)
        for one in parse(raw).attachments:
            assert len(attachment_bytes(raw, one.part) or b"") == one.size, (row["id"], one)
