"""The form of an address in which two spellings of one mailbox are equal. It is compared, never shown or mailed to."""

import unicodedata
from functools import lru_cache

import idna


@lru_cache(maxsize=65_536)
def address_key(email: str) -> str:
    """`Zoë@BÜCHER.example` and `zoë@xn--bcher-kva.example` have one key.

    NFC, lower case for the whole address (RFC 5321 2.4 allows servers to tell local parts apart by case; none in use
    does), the domain as IDNA A-labels. Anything odd is only lower-cased: a key exists for every string.
    """
    if email.isascii():
        return email.strip().lower().rstrip(".")
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", email.strip()).lower())
    local, at, domain = folded.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """The domain as A-labels (RFC 5890), or lower-cased as it stands where IDNA 2008 does not allow it."""
    plain = domain.strip().rstrip(".").lower()
    if plain.isascii() or len(plain) > 255:
        return plain
    try:
        return idna.encode(plain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError, ValueError):
        return plain
