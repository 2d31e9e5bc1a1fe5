"""A CSV file as rows: in whatever encoding and with whatever separator a program has written it. Pure.

RFC 4180 names the comma; Excel writes what the country's list separator is, and "Unicode text" with tabs in UTF-16.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from postroom.ground.errors import Invalid
from postroom.wire.mime.charsets import codec_of, storable

LARGEST = 50_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
SEPARATORS = (",", ";", "\t", "|")
SAMPLES = 5
_SAMPLE_CHARACTERS, _SAMPLE_ROWS = 100_000, 50
_EXCEL_HINT = "sep="


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is to be read."""

    encoding: str
    separator: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file holds: what stands over its columns, and how many rows there are without the head."""

    heads: tuple[str, ...]
    n_rows: int


def form_of(content: bytes, encoding: str = "", separator: str = "") -> Form:
    """How the file is most likely to be read; what a person has said counts. Raises Invalid for what is no text."""
    if not content.strip():
        raise Invalid(field_errors={"file": "The file is empty."})
    if len(content) > LARGEST:
        raise Invalid(field_errors={"file": f"The file may have {LARGEST // 1_000_000} MB."})
    codec = codec_of(encoding) if encoding else _encoding(content)
    if codec is None:
        raise Invalid(field_errors={"encoding": f"There is no encoding {encoding!r}."})
    if separator and separator not in SEPARATORS:
        raise Invalid(field_errors={"separator": "This must be a comma, a semicolon, a tab or |."})
    return Form(codec, separator or _separator(_text(content, codec).read(_SAMPLE_CHARACTERS)))


def shape_of(content: bytes, form: Form, has_header: bool) -> Shape:
    """What the file holds, read to its end. Raises Invalid where it is no table, with the row."""
    heads: tuple[str, ...] = ()
    count = 0
    for _, row in rows(content, form):
        if not heads:
            heads = tuple(row) if has_header else tuple(f"Column {at}" for at in range(1, len(row) + 1))
            if has_header:
                continue
        count += 1
    if len(heads) > MOST_COLUMNS:
        raise Invalid(field_errors={"file": f"The file has {len(heads)} columns; {MOST_COLUMNS} are the most."})
    if not count:
        raise Invalid(field_errors={"file": "The file has no rows below its first line."})
    if count > MOST_ROWS:
        raise Invalid(field_errors={"file": f"The file has {count:,} rows; {MOST_ROWS:,} are the most at once."})
    return Shape(heads, count)


def first_rows(content: bytes, form: Form, has_header: bool) -> tuple[tuple[str, ...], ...]:
    """Some rows to look at. Raises Invalid where there are none to be read."""
    found = [tuple(row) for _, row in islice(rows(content, form), SAMPLES + 1)]
    return tuple(found[1:] if has_header else found[:SAMPLES])


def rows(content: bytes, form: Form) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with its number as a spreadsheet shows it. Raises Invalid at a broken one."""
    text = _text(content, form.encoding)
    number = 0
    reader = csv.reader(text, delimiter=form.separator)
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            said = f"Row {number} cannot be read: {error}. Is a quote never closed, or the separator another one?"
            raise Invalid(field_errors={"file": said}) from error
        if cells is None:
            return
        if number == 1 and form.separator.join(cells).lower().strip() == _EXCEL_HINT + form.separator.strip():
            number = 0  # a line that Excel writes for itself and does not show
            continue
        cells = [storable(cell).strip() for cell in cells]
        if any(cells):
            yield number, cells


def _text(content: bytes, codec: str) -> io.TextIOWrapper:
    """The file as text, decoded piece by piece."""
    if codec == "utf-8":
        codec = "utf-8-sig"
    return io.TextIOWrapper(io.BytesIO(content), encoding=codec, errors="replace", newline="")


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = content[:10_000]
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if sample[::2].count(0) > len(sample) // 4:
        return "utf-16-be"
    if b"\0" in sample:
        raise Invalid(field_errors={"file": "This is no CSV file. Save the sheet as CSV and choose that file."})
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator(sample: str) -> str:
    """The one that gives the most rows of the same width, wider ones first."""
    first = sample.partition("\n")[0].strip().strip('"')
    if first.lower().startswith(_EXCEL_HINT) and first[len(_EXCEL_HINT) :] in SEPARATORS:
        return first[len(_EXCEL_HINT) :]
    return max(SEPARATORS, key=lambda one: _evenness(sample, one))


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    widths: Counter[int] = Counter()
    try:
        for row, _ in zip(
            csv.reader(io.StringIO(sample, newline=""), delimiter=separator), range(_SAMPLE_ROWS), strict=False
        ):
            widths[len(row)] += 1 if row else 0
    except csv.Error:
        return 0, 0
    wide = Counter({width: count for width, count in widths.items() if width > 1})
    if not wide:
        return 0, 0
    width, count = wide.most_common(1)[0]
    return count / sum(widths.values()), width
