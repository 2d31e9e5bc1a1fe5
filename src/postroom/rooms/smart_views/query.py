r"""The text language of searches: its grammar, read with lark into the tree of `tree.py`.

    acm name:Acme and (status:"Bad Fit" or created < 30 days ago) email(subject:offer) sort:-updated limit:50

Conditions that stand side by side must all hold. `not` binds closest, then `and`, then `or`. `\"` is a quote inside
quotes.
`sort:`, `limit:` and `slice:` may stand anywhere outside of `email(…)` and its like.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from postroom.rooms.smart_views.mistakes import QueryMistake
from postroom.rooms.smart_views.moments import UNITS
from postroom.rooms.smart_views.tree import (
    DEEPEST,
    MOST_LEAVES,
    Ago,
    And,
    Bound,
    Condition,
    Equals,
    Everything,
    Exists,
    Field,
    Holds,
    InView,
    Matches,
    Mode,
    Node,
    Not,
    OneOf,
    Or,
    Order,
    Query,
    Related,
    Slice,
    SortKey,
    Value,
    Within,
    Word,
    Words,
    joined,
    thing_named,
    walk,
)

LONGEST = 100_000
MOST_WORDS = 5_000
MOST_IN_A_LIST = 2_000
MOST_SORT_KEYS = 5

# A kind of thing may be set off from its parenthesis by a blank; any other word there is a word beside a group.
_KINDS = (
    "activity|call|contact|custom_activity|custom_object|email|lead_status|lead_status_change|meeting|note|opportunity"
    "|sequence_subscription|sms|status|status_change|task|contact_email|contact_phone|form_submission|whatsapp_message"
)
# What makes a name of a field: a colon (but not that of http://…), a comparison, or a list after it.
_BEFORE_A_VALUE = r"(?=\s*(?::(?!\/\/)|[<>=]|!=)|\s+in\s*\()"
GRAMMAR = rf"""
start: expr?
?expr: conj (_OR conj)*                    -> either
?conj: unary (_AND? unary)*                -> both
?unary: _NOT unary                         -> opposite
      | "(" expr ")"                       -> group
      | KIND "(" expr ")"                  -> related
      | FIELD _COLON (STRING | VALUE)      -> matches
      | FIELD ORDER (AGO | STRING | VALUE) -> compares
      | FIELD _IN "(" (STRING | ITEM)* ")"  -> one_of
      | STAR                               -> everything
      | (STRING | WORD)                    -> words

_NOT.9: /not(?=[\s("]|$)|[-!](?=[a-z_][a-z0-9_.]*(?:\(|:(?!\/\/)))/i
_AND.9: /and(?=[\s()"]|$)/i
_OR.9: /or(?=[\s()"]|$)/i
KIND.8: /(?!(?:and|or|not|in)\b)(?:[a-z_][a-z0-9_.]*(?=\()|(?:{_KINDS})(?=\s+\())/i
FIELD.7: /(?:(?:custom\.)?"(?=\s*[^\s"])(?:[^"\\]|\\.)+"|(?!(?:and|or|not)\b)[^\W\d][^\s()":<>=!,]*){_BEFORE_A_VALUE}/i
_IN.9: /in(?=\s*\()/i
STAR.6: /\*(?=[\s()]|$)/
AGO.6: /\d{{1,9}}\s+(?:{"|".join(UNITS)})s?\s+ago\b/i
STRING.5: /"(?:[^"\\]|\\.)*"/s
WORD: /https?:\/\/[^\s()"<>]+|(?![:,;]|(?:and|or|not)(?=[\s()"]|$))[^\s()"<>=]*[^\s()"<>=,;]/i
VALUE: /(?:[^\s()":<>=][^\s()"]*)?custom\.(?:"(?:[^"\\]|\\.)+"[^\s()"]*)+|[^\s()":<>=]([^\s()"]*[^\s()",;])?/
ITEM: /[^\s(),"]+/
ORDER: />=|<=|!=|>|<|=/
_COLON: ":"
%import common.WS
%ignore /[\s,;]+/
"""


def parse(text: str) -> Query:
    """What the text asks for; everything for an empty one. Raises QueryMistake with the place of what is wrong."""
    if len(text) > LONGEST or len(text.split()) > MOST_WORDS:
        raise QueryMistake("The query is too long.", LONGEST)
    text = _IN_SINGLE_QUOTES.sub(_in_double_quotes, _unescaped(text.translate(_PLAIN_QUOTES)))
    _check_nesting(text)
    try:
        said = cast(_Said, _parser().parse(text))
    except UnexpectedInput as error:
        raise _explained(text, error) from error
    except VisitError as error:
        if isinstance(error.orig_exc, QueryMistake):
            raise error.orig_exc from error
        raise
    query = _with_directives(Query(said.node or Everything()), said.directives)
    if sum(1 for _ in walk(query.where)) > MOST_LEAVES:
        raise QueryMistake("The query has too many parts.", 0)
    return query


_IN_ESCAPED_QUOTES = re.compile(r'\\"((?:[^"\\]|\\[^"])*)\\"', re.DOTALL)
_BARE_QUOTE = re.compile(r'(?<!\\)"')


def _unescaped(text: str) -> str:
    r"""`email:\"jo@example.com\"`, as Zapier and programs that quote twice write a value: where no quote stands bare,
    the escaped ones are the quotes. As long as it was: places of mistakes are counted in the text."""
    return text if _BARE_QUOTE.search(text) else _IN_ESCAPED_QUOTES.sub(r'"\1"  ', text)


_IN_SINGLE_QUOTES = re.compile(r"""("(?:[^"\\]|\\.)*"?)|([:=<>]\s*)'([^'"\\]*)'(?=[\s)]|$)""", re.DOTALL)
"""`name:'John Wehr'`, as the Ruby gem for Close writes every value; O'Brien is no quote, nor what stands in quotes.

A quote that is never closed reaches to the end: looked for from each `\\"` in it anew, it would take minutes."""


def _in_double_quotes(found: re.Match[str]) -> str:
    """The same in double quotes, no longer than it was: places of mistakes are counted in the text."""
    return found[1] or f'{found[2]}"{found[3]}"'


@dataclass(frozen=True, slots=True)
class _Directive:
    """`sort:`, `limit:` or `slice:`, wherever it stood."""

    name: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class _Said:
    """What a piece of text says: a node, none if it holds directives alone."""

    node: Node | None
    directives: tuple[_Directive, ...] = ()


@v_args(inline=True)
class _Reader(Transformer[Token, _Said]):
    """From pieces of text to nodes; called by the parser as each piece is complete."""

    def start(self, said: _Said | None = None) -> _Said:
        return said or _Said(None)

    def either(self, *said: _Said) -> _Said:
        return _gathered(Or, said)

    def both(self, *said: _Said) -> _Said:
        return _gathered(And, said)

    def opposite(self, said: _Said) -> _Said:
        return replace(said, node=Not(said.node)) if said.node else said

    def group(self, said: _Said) -> _Said:
        return said

    def related(self, kind: Token, inside: _Said) -> _Said:
        for directive in inside.directives:
            raise QueryMistake(f"{directive.name}: has its place outside of {kind}(…).", directive.at)
        return _Said(Related(str(kind).lower(), inside.node or Everything(), _at(kind)))

    def matches(self, field: Token, value: Token) -> _Said:
        name, text, at = str(field).lower(), _plain(value), _at(value)
        if name in _DIRECTIVES:
            return _Said(None, (_Directive(name, text, at),))
        if name == "in":
            return _Said(InView(text, at))
        return _Said(Holds(_field(field), _match(value)))

    def compares(self, field: Token, order: Token, value: Token) -> _Said:
        name = _field(field)
        if order in ("=", "!="):
            node: Node = Holds(name, Equals(_value(value)))
            return _Said(Not(node) if order == "!=" else node)
        return _Said(Holds(name, Within((Bound(Order(str(order)), _aged(value)),))))

    def one_of(self, field: Token, *values: Token) -> _Said:
        if len(values) > MOST_IN_A_LIST:
            raise QueryMistake(f"A list may hold {MOST_IN_A_LIST} values at most.", _at(field))
        return _Said(Holds(_field(field), OneOf(tuple(_value(value) for value in values))))

    def everything(self, _star: Token) -> _Said:
        return _Said(Everything())

    def words(self, token: Token) -> _Said:
        if meant := _MEANT_WORDS.get(str(token)):
            raise QueryMistake(
                f"Conditions are joined by {meant!r}; what is looked for itself stands in quotes.", _at(token), meant
            )
        if thing := thing_named(_plain(token)):
            return _Said(thing)
        if token.startswith('"'):
            return _Said(Words(Mode.PHRASE, _plain(token), _at(token)))
        if not token.strip("*"):
            return _Said(Everything())
        # A bare word may be only begun, as `acm*` says: people look for things while they type.
        return _Said(Words(Mode.PATTERN, str(token) if "*" in token else f"{token}*", _at(token)))


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Reader(), maybe_placeholders=False)


_DIRECTIVES = ("sort", "limit", "slice")
_EXAMPLES = {"sort": "sort:-created", "limit": "limit:100", "slice": "slice:1/2", "in": 'in:"My View"'}
_MEANT_WORDS = {"&&": "and", "||": "or", "!": "not", "UND": "and", "ODER": "or", "NICHT": "not"}
_PLAIN_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))  # what word processors make of quotes
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_AGE = re.compile(rf"(\d{{1,9}})\s+({'|'.join(UNITS)})s?\s+ago", re.IGNORECASE | re.ASCII)
_SLICE = re.compile(r"(\d{1,4})/(\d{1,4})", re.ASCII)


def _gathered(kind: type[And] | type[Or], said: Sequence[_Said]) -> _Said:
    nodes = tuple(one.node for one in said if one.node)
    directives = tuple(directive for one in said for directive in one.directives)
    return _Said(joined(kind, nodes) if nodes else None, directives)


def _at(token: Token) -> int:
    return token.start_pos or 0


def _plain(token: Token) -> str:
    """The text that a token stands for."""
    if not token.startswith('"'):
        return str(token)
    return _ESCAPED.sub(r"\1", token[1:-1]).strip()


def _field(token: Token) -> Field:
    """`name`, `custom.X`, `custom."X Y"`, `"custom.X Y"`, `"X Y"`: a quoted name may be of a custom field."""
    text, at = str(token), _at(token)
    prefix, quoted = ("custom.", text[7:]) if text.lower().startswith('custom."') else ("", text)
    name = prefix + (_ESCAPED.sub(r"\1", quoted[1:-1]).strip() if quoted.startswith('"') else quoted)
    if name.lower().startswith("custom.") and len(name) > len("custom."):
        return Field(name[len("custom.") :], is_custom=True, at=at)
    if text.startswith('"'):
        return Field(name, is_quoted=True, at=at)
    if name.lower() in (*_DIRECTIVES, "in"):
        raise QueryMistake(f"{name} takes a colon and a value, as in {_EXAMPLES[name.lower()]}.", at)
    return Field(name.lower(), at=at)


def _mode(token: Token) -> Mode:
    return Mode.PATTERN if "*" in token and not token.startswith('"') else Mode.PHRASE


def _match(token: Token) -> Condition:
    if token == "*":  # noqa: S105  a lexical token
        return Exists()
    return Matches(_mode(token), Word(_plain(token), _at(token)))


def _value(token: Token) -> Value:
    return _aged(token) if token.type == "AGO" else Word(_plain(token), _at(token))


def _aged(token: Token) -> Value:
    """What is compared with: an age also in quotes, as programs write it (`date_created < "1 week ago"`)."""
    age = _AGE.fullmatch(_plain(token))
    return Ago(int(age[1]), age[2].lower(), _at(token)) if age else Word(_plain(token), _at(token))


def _with_directives(query: Query, directives: Sequence[_Directive]) -> Query:
    for directive in directives:
        if directive.name == "limit":
            query = replace(query, limit=_limit(directive))
        elif directive.name == "slice":
            query = replace(query, slice=_slice(directive))
        else:
            query = replace(query, sort=(*query.sort, *_sort(directive)))
    if len(query.sort) > MOST_SORT_KEYS:
        raise QueryMistake(f"Sorting is by {MOST_SORT_KEYS} fields at most.", directives[-1].at)
    return query


def _limit(directive: _Directive) -> int:
    if not directive.text.isascii() or not directive.text.isdigit() or len(directive.text) > 9:
        raise QueryMistake("limit: takes a whole number, as in limit:100.", directive.at)
    return int(directive.text)


def _slice(directive: _Directive) -> Slice:
    match = _SLICE.fullmatch(directive.text)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise QueryMistake("slice: takes a part and the number of parts, as in slice:2/5.", directive.at)
    return Slice(int(match[1]), int(match[2]))


_COMMA_OUTSIDE = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_LONGEST_QUOTED_SORT = 1_000
_QUOTED_CUSTOM = re.compile(r'custom\."(?:[^"\\]|\\.)+"', re.IGNORECASE)


def _sort(directive: _Directive) -> tuple[SortKey, ...]:
    keys = []
    for name in _sort_names(directive.text):
        bare = name.strip().removeprefix("-").removeprefix("+").strip()
        bare = _ESCAPED.sub(r"\1", f"custom.{bare[8:-1]}") if _QUOTED_CUSTOM.fullmatch(bare) else bare
        if not bare:
            raise QueryMistake(
                "sort: takes names of fields with commas between, as in sort:-created,name.", directive.at
            )
        is_custom = bare.lower().startswith("custom.") and len(bare) > len("custom.")
        field = Field(bare[7:], True, at=directive.at) if is_custom else Field(bare.lower(), at=directive.at)
        keys.append(SortKey(field, name.strip().startswith("-")))
    return tuple(keys)


def _sort_names(text: str) -> list[str]:
    """What stands between commas, those in quotes left out."""
    is_plain = '"' not in text or len(text) > _LONGEST_QUOTED_SORT
    return text.split(",") if is_plain else _COMMA_OUTSIDE.split(text)


_PARENTHESES = re.compile(r'"(?:[^"\\]|\\.)*"?|[()]', re.DOTALL)
_NEGATIONS = re.compile(rf"(?:\bnot\b[\s(]*){{{DEEPEST},}}", re.IGNORECASE)


def _check_nesting(text: str) -> None:
    """Parentheses that fit, not too deep. Raises QueryMistake at the one that does not."""
    opened: list[int] = []
    for match in _PARENTHESES.finditer(text):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == ")":
            if not opened:
                raise QueryMistake("There is no opening parenthesis for this one.", match.start())
            opened.pop()
        elif len(match[0]) == 1 or not _is_closed(match[0]):
            raise QueryMistake("This quote is never closed.", match.start())
        if len(opened) > DEEPEST:
            raise QueryMistake("The query is nested too deeply.", match.start())
    if opened:
        raise QueryMistake("This parenthesis is never closed.", opened[-1])
    if chain := _NEGATIONS.search(text):
        raise QueryMistake("The query is nested too deeply.", chain.start())


def _is_closed(quoted: str) -> bool:
    return re.fullmatch(r'"(?:[^"\\]|\\.)*"', quoted, re.DOTALL) is not None


_SIGNS = {"=>": ">=", "=<": "<=", "<>": "!=", "==": "=", "===": "=", "::": ":", ":=": "="}
_EXPECTED = (  # what stands before the place of a mistake, and what to say of it
    (re.compile(r"[:<>=]\s*$"), "A value is expected here."),
    (re.compile(r"\bnot\s*$", re.IGNORECASE), "“not” needs something after it."),
    (re.compile(r"\b(and|or)\s*$", re.IGNORECASE), "“and” and “or” need something on both sides."),
    (re.compile(r"\(\s*$"), "There is nothing in these parentheses."),
)


_TWO_SIGNS = re.compile(r"===?|=>|=<|<>|::|:=")
_COLON_BEFORE = re.compile(r"([\w.]+):$")


def _explained(text: str, error: UnexpectedInput) -> QueryMistake:
    """A parser's complaint in words."""
    at = len(text) if isinstance(error, UnexpectedToken) and error.token.type == "$END" else error.pos_in_stream or 0
    before = text[:at]
    near = max(0, at - 2)
    if (signs := _TWO_SIGNS.search(text[near : at + 2])) and near + signs.end() > at:
        return QueryMistake(f"{signs[0]} is no comparison.", near + signs.start(), _SIGNS[signs[0]])
    if text[at : at + 1] == "(" and (named := _COLON_BEFORE.search(before)):
        return QueryMistake(f"No colon stands before a parenthesis: {named[1]}(…), or {named[1]} in (…).", at - 1)
    for pattern, said in _EXPECTED:
        if pattern.search(before):
            return QueryMistake(said, at)
    if re.match(r"(and|or)\b", text[at:], re.IGNORECASE):
        return QueryMistake("“and” and “or” need something on both sides.", at)
    if isinstance(error, UnexpectedCharacters) or re.match(r"[<>=!:]", text[at:]):
        return QueryMistake("A field's name is expected before this.", at)
    return QueryMistake(f"{text[at : at + 20]!r} cannot stand here.", at)
