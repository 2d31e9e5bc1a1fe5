"""What a spreadsheet would run as a formula is marked, and nothing else is touched."""

import pytest

from postroom.ground.sheet_cells import inert


@pytest.mark.parametrize(
    "text",
    [
        "", "Firm", "a = b", "-5", "+49 30 123-456", "-1.5", "1;2", "a; b", "x;-5;+49 30", "a@b.example", "–5",
        "5 + 5", "=".join("ab"), "a;b=c", "Tom &amp; -x", " =1",
    ],
)  # fmt: skip
def test_plain_texts_and_numbers_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("+1(x)", "'+1(x)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ('"=1+1"', '\'"=1+1"'),
        ("Firm;=1+1;x", "Firm;'=1+1;x"),
        ('Firm;"=1+1', "Firm;'\"=1+1"),
        ("1;-5;-x()", "1;-5;'-x()"),
    ],
)
def test_what_would_be_run_gets_a_mark(text: str, kept: str) -> None:
    """Also behind a semicolon: there Excel begins a new cell where that is the system's list separator."""
    assert inert(text) == kept
    assert inert(kept) == kept
