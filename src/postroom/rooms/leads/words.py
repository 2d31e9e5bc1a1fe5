"""The words of a simple search for leads: `acme "van der Berg"` are two. Pure."""

import re

_WORD = re.compile(r'"([^"]*)"|(\S+)')
MOST_WORDS = 20


def words_in(query: str) -> tuple[str, ...]:
    """Words and quoted phrases, at most MOST_WORDS. `*` alone means everything, as in Close's queries."""
    found = (match[1] if match[1] is not None else match[2] for match in _WORD.finditer(query))
    return tuple(word for word in found if word.strip() and word != "*")[:MOST_WORDS]
