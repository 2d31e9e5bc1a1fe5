"""Plain text as HTML to show: nothing in it is markup, and addresses of the web and of people become links."""

import re
from html import escape

_LINK = re.compile(
    r"(?<![\w@./-])(?:(?P<web>(?:https?://|www\.)[^\s<>\"\u200b]{2,2000}+)"
    r"|(?P<person>[\w.+-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+)++))",
    re.I,
)
_SENTENCE_ENDS = ".,;:!?'*_”’»…"
_MOST_SIGNS = 8
_PAIRS = {")": "(", "]": "[", "}": "{"}


def linked_text(text: str) -> str:
    """The text escaped, with its links. Line breaks and spaces stay as they are."""
    shown, position = [], 0
    for found in _LINK.finditer(text):
        words = _without_end_of_sentence(found[0])
        start = found.start()
        shown += [escape(text[position:start]), _link(words, is_web=found["web"] is not None)]
        position = start + len(words)
    return "".join((*shown, escape(text[position:])))


def _link(words: str, *, is_web: bool) -> str:
    href = f"mailto:{words}" if not is_web else words if words[:4].lower() == "http" else f"https://{words}"
    return f'<a href="{escape(href)}" target="_blank" rel="noopener noreferrer">{escape(words)}</a>'


def _without_end_of_sentence(words: str) -> str:
    """A full stop or a bracket behind an address belongs to the sentence, unless the address opened the bracket."""
    for _ in range(_MOST_SIGNS):
        last = words[-1]
        opened = _PAIRS.get(last)
        if last not in _SENTENCE_ENDS and (opened is None or words.count(opened) >= words.count(last)):
            break
        words = words[:-1]
    return words
