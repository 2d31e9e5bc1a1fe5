"""What stands in the cells of a CSV file."""

import pytest

from postroom.rooms.exports.rows import csv_text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd|x", "'-2+3+cmd|x"),
        ("+49 (30) 901820-0", "+49 (30) 901820-0"),
        ("-12.50", "-12.50"),
        ("Bolt & Sons", "Bolt & Sons"),
    ],
)
def test_no_text_is_run_by_a_spreadsheet_and_numbers_stay_numbers(text: str, cell: str) -> None:
    assert csv_text(["name"], [{"name": text}], "original").strip().strip('"') == cell
