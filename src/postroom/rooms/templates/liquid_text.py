"""One text with tags, read by python-liquid and filled: the only file that knows that library.

It is given our own tokens (`braces.py`), so that braces which are no tag are plain content to it, and knows no tags and
filters but ours. It reaches nothing by attribute: values are mappings, lists, texts and numbers.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import StringIO
from typing import TextIO

from liquid import BoundTemplate, Environment, Mode, RenderContext, Token, TokenStream
from liquid.builtin.content import Literal
from liquid.builtin.expressions import FilteredExpression, Path, StringLiteral, tokenize
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.case_tag import CaseTag
from liquid.builtin.tags.for_tag import BreakTag, ContinueTag, ForTag
from liquid.builtin.tags.if_tag import IfTag
from liquid.builtin.tags.unless_tag import UnlessTag
from liquid.exceptions import LiquidError, LoopIterationLimitError, OutputStreamLimitError
from liquid.expression import Expression
from liquid.parser import get_parser
from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG

from postroom.ground.errors import Invalid
from postroom.rooms.templates.braces import Form, Kind, Piece, read
from postroom.rooms.templates.filters import FILTERS, Ready, is_empty, shown
from postroom.rooms.templates.tags import READY_PATHS, Segment, is_branch, is_tag
from postroom.wire.mime.html_text import text_with_links

MOST_ROUNDS = 1_000
"""Of all loops of one text together; leads with hundreds of contacts stay far below."""

MOST_WORK = 500_000
"""Rounds of loops times characters in tags: about a second of filling at the worst."""

MOST_TAG_CHARACTERS = 50_000
MOST_FILTERS = 10
DEEPEST_BLOCKS = 10

_LOOP = re.compile(r"\s*([A-Za-z_]\w*)\s+in\b")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MARK = re.compile("\ue000(\\d+)\ue001")
_MARK_SIGNS = ("\ue000", "\ue001")


@dataclass(frozen=True, slots=True)
class LiquidText:
    """A text that has been read. `unknown` maps each tag that nobody knows, as written, to the variable it names."""

    variables: tuple[str, ...]
    tags: tuple[str, ...]
    unknown: Mapping[str, str]
    _constant: str | None = field(repr=False)
    _template: BoundTemplate = field(repr=False)
    _most_rounds: int = field(repr=False)

    def fill(self, values: Mapping[str, object], longest: int) -> tuple[str, Mapping[str, str]]:
        """The text with these values, and the variables without one by their tags. Raises Invalid past a bound."""
        if self._constant is not None:
            return self._constant, {}
        context = _Filling(self._template, globals=values)
        context.rounds_left = self._most_rounds
        paper = _Paper(longest)
        try:
            self._template.render_with_context(context, paper)
        except OutputStreamLimitError as error:
            raise Invalid(f"Filled in, it is longer than {longest:,} characters.") from error
        except LoopIterationLimitError as error:
            raise Invalid(f"Its loops go round more than {self._most_rounds:,} times.") from error
        except LiquidError as error:
            raise Invalid(f"It cannot be filled in: {error.message}.") from error
        return paper.getvalue(), context.empty


def read_liquid(source: str, form: Form) -> LiquidText:
    """Read a text. Raises Invalid with the line where its blocks do not fit together, or when its tags are too many."""
    return _read_pieces(read(source, form), source, form)


def read_as_text(source: str) -> LiquidText | None:
    """The plain text of an HTML text, to be filled like it: several times as quick as making text of each result.

    None where conditions or loops decide what stands in it: then the result has to be looked at.
    """
    pieces = read(source, Form.HTML)
    if any(one.kind is Kind.BLOCK for one in pieces) or any(sign in source for sign in _MARK_SIGNS):
        return None
    # The same variable is the same mark: a link whose words are its address is written once.
    numbers = {one.expression: at for at, one in enumerate(pieces) if one.kind is Kind.OUTPUT}
    by_number = {at: one for at, one in enumerate(pieces) if one.kind is Kind.OUTPUT}
    marked = "".join(
        f"\ue000{numbers[one.expression]}\ue001" if one.kind is Kind.OUTPUT else one.source for one in pieces
    )
    parts = _MARK.split(text_with_links(marked))
    # Every second part is a number; markup that stood in a tag is gone with all other markup.
    text = [
        replace(by_number[int(part)], markup="") if index % 2 else Piece(Kind.TEXT, part, 0)
        for index, part in enumerate(parts)
    ]
    return _read_pieces(text, source, Form.TEXT)


def _read_pieces(pieces: list[Piece], source: str, form: Form) -> LiquidText:
    in_tags = sum(len(one.source) for one in pieces if one.kind is not Kind.TEXT)
    if in_tags > MOST_TAG_CHARACTERS:
        raise Invalid(f"Its tags have more than {MOST_TAG_CHARACTERS:,} characters together.")
    reading = _Reading(form, source)
    tokens = [token for piece in pieces for token in reading.tokens(piece)]
    stream = TokenStream(iter(tokens))
    try:
        nodes = get_parser(_environment(form)).parse(stream)
    except LiquidError as error:
        raise Invalid(_in_words(error, stream)) from error
    template = BoundTemplate(_environment(form), nodes)
    reading.note_paths(template)
    return LiquidText(
        tuple(reading.variables),
        tuple(dict.fromkeys(reading.tags)),
        reading.unknown,
        "".join(token.value for token in tokens) if all(one.kind == TOKEN_CONTENT for one in tokens) else None,
        template,
        min(MOST_ROUNDS, MOST_WORK // max(1, in_tags)),
    )


class _Filling(RenderContext):
    """The filling of one text: what was empty, and how many rounds its loops may still go."""

    __slots__ = ("empty", "rounds_left")
    rounds_left: int

    def __init__(self, template: BoundTemplate, *, globals: Mapping[str, object]) -> None:
        super().__init__(template, globals=globals)
        self.empty: dict[str, str] = {}

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Called as each loop begins: the rounds of all loops add up, nested ones each time anew."""
        self.rounds_left -= length
        if self.rounds_left < 0:
            raise LoopIterationLimitError("too many rounds", token=None)


class _Paper(StringIO):
    """Where a text is written, up to a number of characters."""

    def __init__(self, longest: int) -> None:
        super().__init__(newline="")
        self.left = longest

    def write(self, text: str) -> int:
        self.left -= len(text)
        if self.left < 0:
            raise OutputStreamLimitError("too long", token=None)
        return super().write(text)


class _Variable(OutputNode):
    """A variable in a body or subject."""

    __slots__ = ("path",)

    def __init__(self, token: Token, expression: Expression) -> None:
        super().__init__(token, expression)
        self.path = _dotted(expression.left if isinstance(expression, FilteredExpression) else expression)

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.expression.evaluate(context)
        if is_empty(value):
            assert isinstance(context, _Filling)
            context.empty[self.token.value] = self.path
            return 0
        return buffer.write(self.written(value))

    def written(self, value: object) -> str:
        return shown(value)


class _HtmlVariable(_Variable):
    """The same inside HTML."""

    __slots__ = ()

    def written(self, value: object) -> str:
        return value.html if isinstance(value, Ready) else html.escape(shown(value))


class _PlainOutput(Output):
    node_class = _Variable


class _HtmlOutput(Output):
    node_class = _HtmlVariable


class _Environment(Environment):
    """Liquid with our tags and filters, and nothing else."""

    block_nesting_limit = DEEPEST_BLOCKS
    shorthand_indexes = True

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (Literal, Illegal, IfTag, UnlessTag, CaseTag, ForTag, BreakTag, ContinueTag):
            self.add_tag(tag)
        for name, one in FILTERS.items():
            self.add_filter(name, one)


@lru_cache(maxsize=3)
def _environment(form: Form) -> _Environment:
    environment = _Environment(tolerance=Mode.STRICT)
    environment.add_tag(_HtmlOutput if form is Form.HTML else _PlainOutput)
    return environment


class _Reading:
    """Pieces of one text into Liquid's tokens; what is not known is put back as text and noted."""

    def __init__(self, form: Form, source: str) -> None:
        self._environment = _environment(form)
        self._form = form
        self._source = source
        self._loops: list[str] = []
        self.variables: dict[str, None] = {}
        self.tags: list[str] = []
        self.unknown: dict[str, str] = {}

    def tokens(self, piece: Piece) -> Iterator[Token]:
        if piece.kind is Kind.TEXT:
            if piece.source:
                yield self._token(TOKEN_CONTENT, piece.source, piece)
            return
        self.tags.append(piece.source)
        if piece.kind is Kind.UNKNOWN or not _is_bounded(piece.expression):
            self.unknown[piece.source] = piece.expression or piece.word
            yield self._token(TOKEN_CONTENT, piece.source, piece)
            return
        yield from self._block(piece) if piece.kind is Kind.BLOCK else self._output(piece)
        if piece.markup:
            yield self._token(TOKEN_CONTENT, piece.markup, piece)

    def note_paths(self, template: BoundTemplate) -> None:
        """What conditions, loops and fallbacks ask for has to be known as well."""
        for found in template.analyze(include_partials=False).globals.values():
            for one in found:
                path, name = _plain(one.segments), _name_of(one.segments)
                if is_tag(path) or is_branch(path):
                    self.variables.setdefault(name)
                else:
                    self.unknown.setdefault(name, name)

    def _block(self, piece: Piece) -> Iterator[Token]:
        if piece.word == "for" and (named := _LOOP.match(piece.expression)):
            self._loops.append(named[1])
        elif piece.word == "endfor" and self._loops:
            self._loops.pop()
        yield self._token(TOKEN_TAG, piece.word, piece)
        if piece.expression:
            yield self._token(TOKEN_EXPRESSION, piece.expression, piece)

    def _output(self, piece: Piece) -> Iterator[Token]:
        if not self._is_known(piece):
            self.unknown[piece.source] = piece.expression
            yield self._token(TOKEN_CONTENT, piece.source, piece)
            return
        yield self._token(TOKEN_OUTPUT, piece.source, piece)
        yield self._token(TOKEN_EXPRESSION, piece.expression, piece)

    def _is_known(self, piece: Piece) -> bool:
        try:
            parsed = FilteredExpression.parse(
                self._environment,
                TokenStream(tokenize(piece.expression, self._token(TOKEN_EXPRESSION, piece.expression, piece))),
            )
        except LiquidError:
            return False
        if not isinstance(parsed, FilteredExpression) or not _are_known(parsed):
            return False
        if isinstance(parsed.left, StringLiteral):
            return True
        if not isinstance(parsed.left, Path) or parsed.left.children():
            return False
        path = parsed.left.location()
        return path[0] in (*self._loops, "forloop") or self._fits(path)

    def _fits(self, path: tuple[object, ...]) -> bool:
        named = _plain(path)
        # A signature is made of lines, a link of HTML: they have no place in a subject.
        return is_tag(named) and not (self._form is Form.LINE and named in READY_PATHS)

    def _token(self, kind: str, value: str, piece: Piece) -> Token:
        return Token(kind, value, piece.at, self._source)


def _is_bounded(expression: str) -> bool:
    """No ranges, which may be of any length, and no deep nesting, which would end in a RecursionError."""
    bare = _QUOTED.sub("", expression)
    return ".." not in bare and bare.count("[") + bare.count("(") <= DEEPEST_BLOCKS


def _are_known(parsed: FilteredExpression) -> bool:
    filters = parsed.filters or []
    if len(filters) > MOST_FILTERS:
        return False
    return all(
        one.name in FILTERS and FILTERS[one.name].arguments[0] <= len(one.args) <= FILTERS[one.name].arguments[1]
        for one in filters
    )


def _dotted(expression: object) -> str:
    return _name_of(expression.location()) if isinstance(expression, Path) else str(expression)


def _plain(segments: Iterable[object]) -> tuple[Segment, ...]:
    """The path without parts that are paths themselves (`contact[lead.name]`): no tag has such."""
    return tuple(one if isinstance(one, str | int) else "" for one in segments)


def _name_of(segments: Iterable[object]) -> str:
    return ".".join(str(one) for one in segments)


def _in_words(error: LiquidError, stream: TokenStream) -> str:
    """What is wrong, and in which line. At the end of a tag the library knows no place: the stream does."""
    words = str(error.message).partition(", found end of")[0]
    token = error.token
    if token is None or token.start_index < 0:
        if stream.pos >= len(stream.tokens):
            return f"At the end: {words}."
        token = stream.tokens[max(0, stream.pos - 1)]
    return f"Line {token.source.count(chr(10), 0, token.start_index) + 1}: {words}."
