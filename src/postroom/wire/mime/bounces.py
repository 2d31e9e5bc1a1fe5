"""Delivery failure or automatic reply, and to which message."""

from dataclasses import dataclass
from enum import StrEnum

from postroom.wire.mime.types import ParsedMessage


class Origin(StrEnum):
    """Who wrote this message: a person, or which kind of machine."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    AUTO_GENERATED = "auto_generated"
    BOUNCE = "bounce"
    DELAYED = "delayed"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """`status` is the enhanced code (RFC 3463) such as "5.1.1", None where the report gives none."""

    email: str
    is_permanent: bool
    status: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Automatic:
    """What a machine says. `failed` is filled for bounces; `original_message_id` names the email it answers."""

    origin: Origin
    failed: tuple[FailedRecipient, ...] = ()
    original_message_id: str | None = None


def classify(parsed: ParsedMessage, raw: bytes) -> Automatic:
    """Person, automatic reply or delivery report."""
    raise NotImplementedError
