"""What a sample is, what is expected of it, and the failures that reports tell of."""

from dataclasses import dataclass

OUR_ID = "<20261120.offer.77@us.example>"
OUR_HEADER = (
    f"Received: from us.example by relay.us.example; Fri, 20 Nov 2026 09:00:01 +0000\nMessage-ID: {OUR_ID}\n"
    "X-Postroom-Id: acti_77\nDate: Fri, 20 Nov 2026 09:00:00 +0000\nFrom: Anna <anna@us.example>\nTo: {to}\n"
    "Subject: Our offer\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
)
OUR_MAIL = OUR_HEADER + "\nDear customer, anvils are cheap this week. Write to sales@us.example.\n"


@dataclass(frozen=True)
class Failure:
    """Why somebody was not reached: the class of the reply, the enhanced code, the words, and whether it is hard."""

    code: int
    status: str
    words: str
    is_hard: bool

    @property
    def said(self) -> str:
        return f"{self.code} {self.status} {self.words}"


FAILURES = (
    Failure(550, "5.1.1", "<{to}>: Recipient address rejected: User unknown in virtual mailbox table", True),
    Failure(550, "5.1.1", "The email account that you tried to reach does not exist. Please try double-checking", True),
    Failure(550, "5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup", True),
    Failure(550, "5.4.1", "Recipient address rejected: Access denied. [VI1EUR05FT012.eop-eur05.example]", True),
    Failure(554, "5.2.1", "The account or mailbox is disabled", True),
    Failure(550, "5.1.2", "Host or domain name not found. Name service error: Host not found", True),
    Failure(550, "5.7.1", "No such user here", True),
    Failure(550, "5.0.0", "{to}... User unknown", True),
    Failure(552, "5.2.2", "Mailbox full: the recipient is over quota", False),
    Failure(552, "5.3.4", "Message size exceeds fixed limit", False),
    Failure(554, "5.7.1", "Message rejected: listed at zen.blocklist.example as a source of spam", False),
    Failure(550, "5.7.26", "This mail is unauthenticated: SPF and DKIM did not pass", False),
    Failure(421, "4.4.7", "Delivery time expired after five days; connection timed out", False),
    Failure(450, "4.2.1", "The mailbox is receiving mail at too high a rate", False),
)

DELAY = Failure(451, "4.4.1", "connect to mx.there.example: Connection timed out", False)


@dataclass(frozen=True)
class Sample:
    """A message. `origin`: what it is (words of Origin). `recipients` are those failed; `is_hard` of all of them."""

    name: str
    raw: bytes
    origin: str
    recipients: tuple[str, ...] = ()
    is_hard: bool = False
    names_original: bool = False


def message(headers: str, body: str) -> bytes:
    """The bytes of a message, from lines."""
    return f"{headers.strip()}\n\n{body}".replace("\n", "\r\n").encode()


def multipart(headers: str, subtype: str, parts: list[tuple[str, str]]) -> bytes:
    """A multipart message; each part is its Content-Type (with further fields) and its content."""
    inside = "".join(f"--=_edge_77\nContent-Type: {kind}\n\n{content}\n" for kind, content in parts)
    return message(
        f'{headers.strip()}\nMIME-Version: 1.0\nContent-Type: multipart/{subtype}; boundary="=_edge_77"',
        f"{inside}--=_edge_77--\n",
    )
