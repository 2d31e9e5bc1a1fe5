"""Signs an email: relaxed/relaxed with SHA-256 (RFC 6376, RFC 8463). The same email is signed the same way each time.

From stands twice in the list of signed fields, so that nobody can add a second one under the signature (RFC 6376
8.15); the fields of unsubscribing are signed as one-click needs it (RFC 8058 4).
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from postroom.wire.dkim.keys import SigningKey

_SIGNED = (
    "from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding", "content-id", "content-description",
    "list-id", "list-unsubscribe", "list-unsubscribe-post", "list-help", "list-post", "list-owner", "list-archive",
)  # fmt: skip
"""RFC 6376 5.4.1, in the order in which they are named."""
_OVERSIGNED = ("from", "to", "subject", "date")
"""Named once more than they stand: a second one that is put in breaks the signature."""
_BLANKS = re.compile(rb"[ \t]+")
_BLANKS_AT_END = re.compile(rb"[ \t]+\r\n")
_FOLD = re.compile(rb"\r\n(?=[ \t])")


def signature_headers(raw: bytes, keys: Sequence[SigningKey], signed_at: datetime) -> bytes:
    """The DKIM-Signature fields to put before an email with CRLF line ends, one for each key; empty without keys."""
    if not keys:
        return b""
    header, _, body = raw.partition(b"\r\n\r\n")
    fields = _fields(header + b"\r\n")
    body_hash = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode()
    return b"".join(_signature(key, fields, body_hash, int(signed_at.timestamp())) for key in keys)


def _signature(key: SigningKey, fields: Sequence[tuple[str, bytes]], body_hash: str, moment: int) -> bytes:
    names, lines = _chosen(fields)
    unsigned = (
        f"DKIM-Signature: v=1; a={key.algorithm}-sha256; c=relaxed/relaxed; d={key.domain};\r\n"
        f" s={key.selector}; t={moment};\r\n h={_wrapped(names)};\r\n bh={body_hash};\r\n b="
    ).encode()
    signed = b"".join(lines) + _relaxed_field(unsigned)
    return unsigned + _wrapped_base64(_sign(key, signed)) + b"\r\n"


def _sign(key: SigningKey, signed: bytes) -> str:
    if isinstance(key.private, RSAPrivateKey):
        return base64.b64encode(key.private.sign(signed, PKCS1v15(), SHA256())).decode()
    # RFC 8463 3: Ed25519 signs the hash, not the text.
    return base64.b64encode(key.private.sign(hashlib.sha256(signed).digest())).decode()


def _chosen(fields: Sequence[tuple[str, bytes]]) -> tuple[list[str], list[bytes]]:
    """The names for h=, and the fields they stand for; of several with one name the last comes first (5.4.2)."""
    standing: dict[str, list[bytes]] = {}
    for name, field in fields:
        standing.setdefault(name, []).append(field)
    names: list[str] = []
    lines: list[bytes] = []
    for name in _SIGNED:
        for field in reversed(standing.get(name, [])):
            names.append(name)
            lines.append(_relaxed_field(field) + b"\r\n")
        if name in _OVERSIGNED:
            names.append(name)
    return names, lines


def _fields(header: bytes) -> list[tuple[str, bytes]]:
    whole = re.split(rb"\r\n(?![ \t])", header)
    return [(one.partition(b":")[0].strip().lower().decode("latin-1"), one) for one in whole if b":" in one]


def _relaxed_field(field: bytes) -> bytes:
    """RFC 6376 3.4.2, without the line end."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", _FOLD.sub(b"", value)).strip(b" \t\r\n")


def _relaxed_body(body: bytes) -> bytes:
    """RFC 6376 3.4.4: blanks at line ends go, others become one, empty lines at the end go."""
    body = body if body.endswith(b"\r\n") else body + b"\r\n"
    if b"  " in body or b"\t" in body or b" \r\n" in body:
        body = _BLANKS.sub(b" ", _BLANKS_AT_END.sub(b"\r\n", body))
    end = len(body)
    while body.startswith(b"\r\n", end - 2) and end >= 2:
        end -= 2
    return body[:end] + b"\r\n" if end else b""


def _wrapped(names: Sequence[str]) -> str:
    """Names between colons, on lines of their own where they get long."""
    lines: list[str] = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 66:
            lines.append("")
        lines[-1] += f"{name}:"
    return "\r\n ".join(lines).rstrip(":")


def _wrapped_base64(text: str) -> bytes:
    return "\r\n ".join(text[at : at + 72] for at in range(0, len(text), 72)).encode()
