"""Public ids as Close spells them: a prefix, an underscore and 22 base62 characters.

The first eight characters grow with time, so that rows made together lie together in an index; the rest is random
(83 bits), so that no id can be guessed from another.
"""

import secrets
import time

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_LENGTH = 14
_TIME_LENGTH = 8


def new_id(prefix: str) -> str:
    """A new id such as `lead_0aBc…`. Its time part is milliseconds since 1970: an order, not a clock."""
    milliseconds = time.time_ns() // 1_000_000
    return f"{prefix}_{_base62(milliseconds, _TIME_LENGTH)}{_base62(secrets.randbits(83), _RANDOM_LENGTH)}"


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
