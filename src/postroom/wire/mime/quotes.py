"""The new words apart from the quoted, in text and in HTML. Asked for when a message is shown, not when it arrives.

Whoever answers below or between the quoted lines has new words there too; what is forwarded is news, not a quote.
"""

import re
from dataclasses import dataclass

from postroom.wire.mime.html_text import text_from_html
from postroom.wire.mime.quote_patterns import (
    ADDRESS,
    ENDS_WITH_WROTE,
    FORWARDED,
    FROM_LINE,
    HOLDS_WROTE_BEFORE_NAME,
    LIST_FOOTER,
    LIST_WORDS,
    MOMENT,
    OPENING,
    ORIGINAL,
    OTHER_LINE,
    RULE,
    SENT_FROM,
    SIGNATURE,
    WROTE_WITHOUT_COLON,
)

_MOST_LINES = 20_000
_LONGEST_INTRODUCTION = 400
_WRAPPED_OVER = 4
_HEADER_WINDOW = 9
_LONGEST_VERB = 60
"""Characters at a line's end in which "wrote:" stands, in any language."""
_ADDRESS_WRAPPED = re.compile(r">\s?[:：]$")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Split:
    """`new` is what this sender wrote, `quoted` what stands under or between it."""

    new: str
    quoted: str


def split_text(text: str) -> Split:
    """Split a plain text body; signatures stay with the new words."""
    lines = text.replace("\r\n", "\n").split("\n", _MOST_LINES)
    is_new = _new_lines(lines)
    if all(is_new):
        return Split(_tidy("\n".join(lines)), "")
    new = "\n".join(line for line, keep in zip(lines, is_new, strict=True) if keep)
    quoted = "\n".join(line for line, keep in zip(lines, is_new, strict=True) if not keep)
    return Split(_tidy(new), quoted.strip("\n"))


def new_words(text: str) -> str:
    """The new words alone: no quote, no signature after "--", no "Sent from my telephone", no list footer."""
    lines = split_text(text).new.split("\n")
    for index, line in enumerate(lines):
        if line and _begins_signature(lines, index) and any(before.strip() for before in lines[:index]):
            return "\n".join(lines[:index]).strip()
        if index > 2_000 or len(line) > 100_000:
            break
    return "\n".join(lines).strip()


def _begins_signature(lines: list[str], index: int) -> bool:
    line = lines[index].strip()
    if not line:
        return False
    if SIGNATURE.match(line) or (len(line) < 100 and SENT_FROM.match(line)):
        return True
    return bool(LIST_FOOTER.match(line)) and any(
        LIST_WORDS.search(below[:200]) for below in lines[index + 1 : index + 4]
    )


def _new_lines(lines: list[str]) -> list[bool]:
    """For each line, whether it is new. How a line ends says of most that no pattern need be tried."""
    keep = [True] * len(lines)
    last = [line.rstrip()[-1:] for line in lines]
    ends = [
        one in _COLON_OR_DASH or (one in _VERB_ENDS and line.rstrip().endswith(WROTE_WITHOUT_COLON))
        for line, one in zip(lines, last, strict=True)
    ]
    index = 0
    while index < len(lines):
        line, end = lines[index], last[index]
        if line.startswith(">"):
            keep[index] = False
        elif end in _COLON_OR_DASH and _is_forwarded(line):
            index = _end_of_header_block(lines, index + 1)
            continue
        elif (end in _DASHES and _is_original(line)) or _begins_header_block(lines, index):
            _drop_from(keep, _rule_above(lines, index))
            break
        elif True in ends[index : index + _WRAPPED_OVER] and (length := _introduction(lines, index)):
            after = _next_filled(lines, index + length)
            if after is None or not lines[after].startswith(">"):
                _drop_from(keep, index)
                break
            keep[index : index + length] = [False] * length
            index += length
            continue
        index += 1
    return keep


def _is_original(line: str) -> bool:
    return ORIGINAL.match(line[:200]) is not None


def _is_forwarded(line: str) -> bool:
    return FORWARDED.match(line[:200]) is not None and not (line.rstrip()[-1:] in _DASHES and _is_original(line))


_DASHES = frozenset("-_=*")
_COLON_OR_DASH = _DASHES | frozenset(":：")
_VERB_ENDS = frozenset(verb[-1] for verb in WROTE_WITHOUT_COLON)


def _drop_from(keep: list[bool], index: int) -> None:
    keep[index:] = [False] * (len(keep) - index)


def _next_filled(lines: list[str], index: int) -> int | None:
    return next((at for at in range(index, min(index + 5, len(lines))) if lines[at].strip()), None)


def _introduction(lines: list[str], index: int) -> int:
    """How many lines from here say "On … Ann wrote:"; 0 where none does. Programs wrap it over up to four lines."""
    if not lines[index].strip() or not _may_introduce(lines[index]):
        return 0
    joined = ""
    for length in range(1, _WRAPPED_OVER + 1):
        at = index + length - 1
        if (
            at >= len(lines)
            or not lines[at].strip()
            or (lines[at].startswith(">") and not _ADDRESS_WRAPPED.match(lines[at]))
        ):
            return 0
        joined = f"{joined} {lines[at].strip()}".strip()
        if len(joined) > _LONGEST_INTRODUCTION:
            return 0
        if _introduces(joined):
            return length
    return 0


def _may_introduce(line: str) -> bool:
    beginning = line[:200]
    return bool(
        OPENING.match(beginning.lstrip()[:40])
        or (_DIGIT.search(beginning) and MOMENT.search(beginning))
        or ("@" in beginning and ADDRESS.search(beginning))
    )


def _introduces(line: str) -> bool:
    says_who = "@" in line and bool(ADDRESS.search(line))
    if not says_who and not (_DIGIT.search(line) and MOMENT.search(line)):
        return False
    if ENDS_WITH_WROTE.search(line, max(0, len(line) - _LONGEST_VERB)):
        has_end = line.rstrip().endswith((":", "：", "-"))
        return has_end or (says_who and bool(OPENING.match(line)))
    if not line.rstrip().endswith((":", "：")):
        return False
    if HOLDS_WROTE_BEFORE_NAME.search(line):
        return True
    # No verb known: a moment and an address, and a colon at the end, say the same in any language.
    return bool(MOMENT.search(line) and _address_at_end(line))


def _address_at_end(line: str) -> bool:
    return bool(re.search(r"[<(\[][^<>()\[\]]*@[^<>()\[\]]*[>)\]]\s*>?\s*[:：]$", line))


def _begins_header_block(lines: list[str], index: int) -> bool:
    """A From line with at least two more header lines close below it."""
    line = lines[index]
    if ":" not in line and "：" not in line:
        return False
    if not FROM_LINE.match(line[:120]):
        return False
    others, seen = 0, 0
    for below in lines[index + 1 : index + 1 + _HEADER_WINDOW]:
        if OTHER_LINE.match(below[:120]) or FROM_LINE.match(below[:120]):
            others += 1
        elif below.strip():
            seen += 1
        if others >= 2:
            return True
        if seen > 2:
            return False
    return others == 1 and bool(ADDRESS.search(line))


def _end_of_header_block(lines: list[str], index: int) -> int:
    """Past the header lines that stand under "Forwarded message"."""
    end = min(index + _HEADER_WINDOW, len(lines))
    while index < end and (
        not lines[index].strip() or FROM_LINE.match(lines[index][:120]) or OTHER_LINE.match(lines[index][:120])
    ):
        index += 1
    return index


def _rule_above(lines: list[str], index: int) -> int:
    """The line of dashes that a program draws above the header block belongs to the quote."""
    above = index - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and RULE.match(lines[above]) else index


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


# Where mail programs begin the quoted part of an HTML body, each with the program that writes it.
_QUOTE_IN_HTML = re.compile(
    r"""<(?:div|blockquote|span|table|hr|p|section|a)\b[^<>]{0,300}?(?:
        class\s*=\s*["'][^"'<>]{0,100}?(?:postroom_quote|gmail_quote|gmail_extra|yahoo_quoted|moz-cite-prefix
            |protonmail_quote|zmail_extra|tutanota_quote|front-blockquote|WordSection1Quote|ms-outlook-mobile-reference-message|HEYquote)
      | id\s*=\s*["']?(?:appendonsend|divRplyFwdMsg|mail-editor-reference-message-container|isForwardContent
            |OLK_SRC_BODY_SECTION
            |stopSpelling|replySplit|zwchr|reply-intro|editor_quote|x_divRplyFwdMsg|spark_blockquote)
      | name\s*=\s*["']?quote\b
      | type\s*=\s*["']?cite
      | border(?:-top)?\s*:\s*(?:none;\s*border-top:\s*)?solid\s+\#(?:E1E1E1|B5C4DF)\s+1(?:\.0)?pt
    )[^<>]*+>|(?P<plain><blockquote\b[^<>]*+>)""",
    re.I | re.X,
)
_BLOCKQUOTE_END = re.compile(r"</blockquote\s*>", re.I)
_MOST_HTML = 2_000_000


def begin_of_quote(html: str) -> int:
    """Where a mail program's quote begins in an HTML body; the body's end where there is none.

    A block quote without a program's mark is part of the author's own words.
    """
    marked = (found.start() for found in _QUOTE_IN_HTML.finditer(html) if found["plain"] is None)
    return next(marked, len(html))


def split_html(html: str) -> Split:
    """Split an HTML body where its program marked the quote. Both sides are fragments: sanitise them before use."""
    found = _QUOTE_IN_HTML.search(html[:_MOST_HTML])
    if found is None or not _has_words(html[: found.start()]):
        return Split(html, "")
    ends = [end.end() for end in _BLOCKQUOTE_END.finditer(html, found.end())]
    if ends and _has_words(html[ends[-1] :]):
        # New words stand under the quote as well: nothing can be folded away safely.
        return Split(html, "")
    return Split(html[: found.start()], html[found.start() :])


def _has_words(html: str) -> bool:
    return bool(re.search(r"\w{2}", text_from_html(html)))
