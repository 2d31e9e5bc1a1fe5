"""Time-based one-time passwords: RFC 6238 over RFC 4226, with the parameters that every authenticator app knows."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

SECRET_BYTES = 20
"""RFC 4226 section 4, R6 recommends 160 bits."""
PERIOD_SECONDS = 30
DIGITS = 6
STEPS_OFF = 1
"""Clocks of phones go wrong, and typing takes time: RFC 6238 section 5.2 allows one step at most."""
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
"""80 random bits: one SHA-256 is enough, as for API keys."""


def new_secret() -> bytes:
    """A secret to be shared with an app."""
    return secrets.token_bytes(SECRET_BYTES)


def shown_secret(secret: bytes) -> str:
    """The secret in base32, as apps ask for it."""
    return base64.b32encode(secret).decode().rstrip("=")


def enrolment_uri(secret: bytes, email: str, issuer: str) -> str:
    """What the QR code says (Google Authenticator's "Key Uri Format"). A colon would end the issuer."""
    name = issuer.replace(":", " ").strip() or "Postroom"
    label = f"{quote(name, safe='')}:{quote(email, safe='@')}"
    return (
        f"otpauth://totp/{label}?secret={shown_secret(secret)}&issuer={quote(name, safe='')}"
        f"&algorithm=SHA1&digits={DIGITS}&period={PERIOD_SECONDS}"
    )


def step_at(moment: datetime) -> int:
    """Which half minute since 1970 this is."""
    return int(moment.timestamp()) // PERIOD_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The code of a step (RFC 4226 section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """The step whose code this is, now or one step off; None for a wrong one. The caller refuses steps used before."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdigit():
        return None
    current = step_at(now)
    fitting = [
        step
        for step in range(current - STEPS_OFF, current + STEPS_OFF + 1)
        if step >= 0 and hmac.compare_digest(code_at(secret, step), typed)
    ]
    return fitting[-1] if fitting else None


def new_recovery_codes() -> tuple[str, ...]:
    """Codes for the day the phone is lost, in groups of four letters and digits."""
    return tuple(_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))


def recovery_code_hash(typed: str) -> bytes:
    """What is stored of a code, however it was typed: base32 has no 0 and no 1, which are read as O and I."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum()).replace("0", "O").replace("1", "I")
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()


def _grouped(code: bytes) -> str:
    text = base64.b32encode(code).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
