"""DKIM keys: made here, kept sealed elsewhere, and the DNS record that tells the world the public half.

RSA with 2048 bits (RFC 8301 3.2) because every receiver checks it, and Ed25519 (RFC 8463) beside it for those that do.
"""

import base64
import re
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from postroom.ground.errors import Invalid

_RSA_BITS = 2048
_LONGEST_STRING = 255
_TAG = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*)")


class Algorithm(StrEnum):
    """The word after k= in the record."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as made: the private half as PKCS #8, the public half as it stands after p= in the record."""

    algorithm: Algorithm
    private: bytes = field(repr=False)
    public: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key ready for signing."""

    domain: str
    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    @property
    def algorithm(self) -> Algorithm:
        """Which kind it is."""
        return Algorithm.RSA if isinstance(self.private, RSAPrivateKey) else Algorithm.ED25519


def make_key(algorithm: Algorithm) -> NewKey:
    """A new random key. RSA takes a good part of a second of the processor: call it beside the event loop."""
    made: RSAPrivateKey | Ed25519PrivateKey
    if algorithm is Algorithm.RSA:
        made = generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
        public = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        made = Ed25519PrivateKey.generate()
        public = made.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)  # RFC 8463 4: without a wrapping
    private = made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return NewKey(algorithm, private, base64.b64encode(public).decode())


def signing_key(domain: str, selector: str, private: bytes) -> SigningKey:
    """A kept key for use. Raises Invalid for bytes that are none."""
    try:
        loaded = load_der_private_key(private, None)
    except ValueError as error:
        raise Invalid(f"The DKIM key {selector} of {domain} cannot be read. Make a new one.") from error
    if not isinstance(loaded, RSAPrivateKey | Ed25519PrivateKey):
        raise Invalid(f"The DKIM key {selector} of {domain} is of no kind that mail is signed with.")
    return SigningKey(domain, selector, loaded)


def record_name(domain: str, selector: str) -> str:
    """Where the record stands (RFC 6376 3.6.2.1)."""
    return f"{selector}._domainkey.{domain}"


def record_text(algorithm: Algorithm, public: str) -> str:
    """What it says, in one piece."""
    return f"v=DKIM1; k={algorithm}; p={public}"


def record_strings(text: str) -> tuple[str, ...]:
    """The same for a zone file: one string of DNS holds 255 characters (RFC 1035 3.3.14)."""
    return tuple(text[at : at + _LONGEST_STRING] for at in range(0, len(text), _LONGEST_STRING))


def public_in(record: str) -> str | None:
    """The public key in a record; "" where it was revoked (RFC 6376 3.6.1), None where it is no DKIM record."""
    tags: dict[str, str] = dict(_TAG.findall(record))
    if tags.get("v", "DKIM1").strip() != "DKIM1" or "p" not in tags:
        return None
    return re.sub(r"\s+", "", tags["p"])
