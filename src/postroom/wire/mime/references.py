"""Message ids out of damaged headers: In-Reply-To, References and Message-ID as mail programs really write them."""

import re

MOST_IDS = 1000
"""More ids than this in one header are an attack or a loop; the first and the latest are kept."""

_LONGEST_ID = 998
_USUAL = re.compile(r"\s*+(?:<[^<>\s\"]++>(?:\s++|\Z))++")
_ANGLES = re.compile(r"<([^<>]{1,2000})>")
_FOLD = re.compile(r"\s+")
_BETWEEN_BARE = re.compile(r"[\s<>,;()\"]+")


def message_ids(value: str) -> tuple[str, ...]:
    """Each id of a header value, as `<left@right>`, in order, without repeats.

    White space inside the brackets (a fold in a long id) is taken out. Ids without brackets are found by their "@";
    words like "Your message of Tuesday" (RFC 822 4.6.2 allowed them) and dates are not ids.
    """
    if not value:
        return ()
    simple = _usual_ids(value)
    if simple is not None:
        return simple
    found = [_FOLD.sub("", match[1]) for match in _ANGLES.finditer(value)]
    if not found:
        found = [word for word in _BETWEEN_BARE.split(value) if "@" in word.strip("@")]
    ids = [f"<{one}>" for one in found if one and len(one) <= _LONGEST_ID]
    return _first_and_latest(tuple(dict.fromkeys(ids)))


def single_id(value: str) -> str | None:
    """The id of a Message-ID header. One without brackets or "@" is still an id, if it is one word."""
    ids = message_ids(value)
    if ids:
        return ids[0]
    word = value.strip().strip("<>").strip()
    if not word or len(word) > _LONGEST_ID:
        return None
    return f"<{_FOLD.sub('', word)}>" if len(word.split()) == 1 else None


def _usual_ids(value: str) -> tuple[str, ...] | None:
    """The common case at speed: well-formed ids and white space, nothing else."""
    if not _USUAL.fullmatch(value) or len(value) > _LONGEST_ID:
        return None
    ids = value.split()
    return (ids[0],) if len(ids) == 1 else tuple(dict.fromkeys(ids))


def _first_and_latest(ids: tuple[str, ...]) -> tuple[str, ...]:
    return ids if len(ids) <= MOST_IDS else (ids[0], *ids[-(MOST_IDS - 1) :])
