"""Why an email did not arrive, from a server's code and words: whether the address is bad, or something else was.

Codes (RFC 3463) are believed where servers agree on them, words where one code means everything: 5.7.1 is spam here,
an unknown user there, and 5.0.0 says nothing. Only a bad address is a hard bounce; a full mailbox, a refused content
or a sender's own trouble is none, however permanent the server calls it.
"""

import re
from enum import StrEnum

from postroom.wire.mime.bounces import FailedRecipient


class BounceReason(StrEnum):
    """The reasons that a person can act on."""

    NO_MAILBOX = "no_mailbox"
    NO_DOMAIN = "no_domain"
    DISABLED = "disabled"
    FULL = "full"
    TOO_LARGE = "too_large"
    REFUSED = "refused"  # spam filter, policy, reputation
    UNREACHABLE = "unreachable"  # the server gave up after trying for days
    OTHER = "other"

    @property
    def is_hard(self) -> bool:
        """Whether the address itself is bad, so that nothing should be sent to it again."""
        return self in (BounceReason.NO_MAILBOX, BounceReason.NO_DOMAIN, BounceReason.DISABLED)


# Most particular first. Each line: what it says, and what that means.
_WORDS: tuple[tuple[str, BounceReason], ...] = (
    (
        r"(?:mail ?box|inbox|account|recipient|user|postfach|boîte|buzón)\S*(?: \S+){0,4}? (?:is |ist |est )?"
        r"(?:full|over ?quota|over its quota|voll|pleine|lleno)|quota (?:exceeded|violation|full)|over ?quota"
        r"|exceed\w* (?:\w+ ){0,4}quota|insufficient (?:system )?storage|not enough (?:storage|disk) space"
        r"|mailbox size limit|storage limit|overdrawn|out of space|disk quota|too much mail",
        BounceReason.FULL,
    ),
    (
        r"message (?:is )?too (?:large|big)|size (?:limit )?exceed|exceeds? (?:\w+ ){0,3}(?:message )?size"
        r"|message size|maximum (?:allowed )?size|length limit|larger than",
        BounceReason.TOO_LARGE,
    ),
    (
        r"spam|junk|blacklist|blocklist|block(?:ed)? list|black-?list|listed (?:at|by|in|on)|reputation|dnsbl|\brbl\b"
        r"|spamhaus|barracuda|proofpoint|mimecast|dmarc|\bspf\b|\bdkim\b|unauthenticated|authentication (?:fail|requir)"
        r"|policy (?:reason|restrict|violation)|content (?:reject|filter)|bulk mail|unsolicited|virus|malware|phish"
        r"|not (?:authorized|permitted|allowed) to (?:send|relay)|relay(?:ing)? (?:access )?denied|banned|greylist"
        r"|rate limit|too many (?:messages|connections|emails)|only accepts? (?:mail|messages) from"
        r"|restricted (?:to|sender)|sender (?:\w+ )?(?:denied|rejected|not allowed)|blocked|ptr record|reverse dns",
        BounceReason.REFUSED,
    ),
    (
        r"host (?:or domain name )?(?:not found|unknown)|domain (?:name )?(?:not found|does(?:n't| not) exist|unknown)"
        r"|unknown (?:host|domain)|no such (?:host|domain)|unrout(?:e)?able (?:mail )?(?:domain|address)"
        r"|nxdomain|couldn't find any host|name service error for|unresolv|no mx|null ?mx|not accept(?:ing)? mail for"
        r"|bad destination (?:system|host)|domain of (?:\w+ ){0,3}recipient|does not accept mail"
        r"|domain \S+ (?:couldn't|could not|wasn't) (?:be )?found|doesn't have any mail servers",
        BounceReason.NO_DOMAIN,
    ),
    (
        r"(?:mail ?box|account|user|address|recipient|inbox)\S*(?: \S+){0,5}? (?:is |has been |was )?"
        r"(?:disabled|inactive|suspended|deactivated|closed|discontinued|locked|expired|terminated|blocked by)"
        r"|no longer (?:active|available|valid|in use|accept|with|work|on|employ)|account (?:has )?expired"
        r"|disabled (?:or discontinued|mailbox|user|account)|mailbox (?:unavailable|disabled)",
        BounceReason.DISABLED,
    ),
    (
        r"(?:user|recipient|mail ?box|address|account|e?mail|alias|id|destination|empfänger|utilisateur|usuario)\S*"
        r"(?: \S+){0,5}? (?:is |was |does |could |has |ist |wurde )?(?:unknown|not? found|not exist|n't exist|not known"
        r"|invalid|not valid|unbekannt|not listed|not recognized|not a valid|not have an?|inconnu|desconocid|rejected)"
        r"|unknown (?:user|recipient|address|local|account|mailbox|or (?:illegal|invalid))|no such (?:user|recipient"
        r"|mailbox|address|person|account|local|email|alias)|user unknown|no mailbox here|nobody (?:here )?by that name"
        r"|invalid (?:recipient|user|mailbox|address|final|account)|(?:does|do)(?:n't| not) have (?:an? |any )?"
        r"(?:\S+ )?(?:account|mailbox|user)|address (?:couldn't|could not|wasn't) (?:be )?found"
        r"|bad (?:recipient|address|destination)|not our customer|unknown in"
        r"|recipientnotfound|recipnotfound|resolver\.adr|user doesn't have"
        r"|isn't (?:a )?(?:valid|found)|address rejected|existe pas|no existe|nicht gefunden|existiert nicht"
        r"|adresse .{0,60} (?:unbekannt|ungültig)|mailbox not found|not a known user|no user|does not like recipient",
        BounceReason.NO_MAILBOX,
    ),
    (
        r"timed? ?out|time-?out|expired|connection (?:refused|reset|lost|dropped)|could(?:n't| not) connect"
        r"|too long|retry (?:time|limit)|undeliverable for|network (?:is )?unreachable|no route|unable to connect"
        r"|not respond|unreachable|delivery attempts|temporar|4\.4\.\d|loop|hop count|too many hops",
        BounceReason.UNREACHABLE,
    ),
)
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_PATTERNS = tuple((re.compile(words, re.I), reason) for words, reason in _WORDS)

_CODES: dict[str, BounceReason] = {
    "1.1": BounceReason.NO_MAILBOX, "1.2": BounceReason.NO_DOMAIN, "1.3": BounceReason.NO_MAILBOX,
    "1.4": BounceReason.NO_MAILBOX, "1.6": BounceReason.DISABLED, "1.10": BounceReason.NO_MAILBOX,
    "1.20": BounceReason.NO_MAILBOX, "2.1": BounceReason.DISABLED, "2.2": BounceReason.FULL,
    "2.3": BounceReason.TOO_LARGE, "3.4": BounceReason.TOO_LARGE, "4.4": BounceReason.NO_DOMAIN,
    "4.6": BounceReason.UNREACHABLE, "4.7": BounceReason.UNREACHABLE, "4.14": BounceReason.UNREACHABLE,
    "4.310": BounceReason.NO_DOMAIN, "4.300": BounceReason.UNREACHABLE,
}  # fmt: skip
"""By the code without its class (RFC 3463 3, and Exchange Online's own). 5.1.0, 5.2.0, 5.4.1 and 5.7.x say too little
by themselves: 5.4.1 is "no answer from host" in the RFC, "recipient address rejected" at Exchange Online."""


def bounce_reason(failed: FailedRecipient) -> BounceReason:
    """Why this recipient was not reached."""
    said = failed.reason[:1000]
    code = failed.status.partition(".")[2] if failed.status else ""
    by_words = next((reason for pattern, reason in _PATTERNS if pattern.search(said)), None)
    by_code = _CODES.get(code)
    if by_code in (BounceReason.NO_MAILBOX, BounceReason.DISABLED) and by_words is BounceReason.REFUSED:
        # Some filters refuse a sender with 5.1.1 or 5.2.1; what they say of it counts.
        return BounceReason.REFUSED
    if by_code is not None:
        return by_code
    if by_words is BounceReason.NO_DOMAIN and "try again" in said.lower():
        return BounceReason.UNREACHABLE  # DNS did not answer; that says nothing of the domain
    if by_words is not None:
        return by_words
    return BounceReason.REFUSED if code.startswith("7.") else BounceReason.OTHER


def is_hard(failed: FailedRecipient) -> bool:
    """Whether the address is to be given up: the address is bad, and the server has not only put it off (4.x.x)."""
    gave_up_for_good = failed.is_permanent and (failed.status or "5").startswith("5")
    return gave_up_for_good and bounce_reason(failed).is_hard


def status_in(words: str) -> str | None:
    """The enhanced code in a server's answer (RFC 2034), None where it gives none."""
    found = _STATUS.search(words[:200])
    return found[1] if found else None
