"""How fast bulk email goes to one mailbox provider, whatever the account itself may send. Pure.

To a receiver, hundreds of like emails a minute from one sender are a flood, whichever server relays them: it puts them
off, and remembers the sender. No receiver publishes a number. Ours are what a mailing by hand would never reach, and
what the large ones take from senders they know nothing bad of; who asks for less gets half, and slowly more.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from postroom.rooms.accounts.send_budget import MINUTE, SLOWEST_PER_MINUTE, Budget, SlowPace, halved, pace_now

USUAL_PER_MINUTE = 120
"""For a domain that nobody here knows: a company's own server, with greylisting and limits for each sender."""

_YAHOO_ENDINGS = ("com", "co.uk", "fr", "de", "it", "es", "ca", "com.br", "in", "co.in", "com.au", "co.jp")
_MICROSOFT = tuple(
    f"{name}.{ending}"
    for name in ("hotmail", "outlook", "live")
    for ending in ("com", "co.uk", "fr", "de", "it", "es", "nl", "se", "dk", "be", "at", "com.br")
)


@dataclass(frozen=True, slots=True)
class MailHost:
    """A mailbox provider that takes mail for several domains: one of them names it."""

    name: str
    domains: tuple[str, ...]
    per_minute: int


HOSTS: tuple[MailHost, ...] = (
    # Delays with 421 4.7.0 and 4.7.28 what comes too fast (support.google.com/a/answer/14229414).
    MailHost("gmail.com", ("gmail.com", "googlemail.com"), 1_200),
    MailHost("outlook.com", (*_MICROSOFT, "msn.com", "windowslive.com", "passport.com"), 600),
    # 421 [TSS04]: put off for volume (senders.yahooinc.com); AOL's mailboxes lie on the same servers.
    MailHost(
        "yahoo.com",
        (*(f"yahoo.{ending}" for ending in _YAHOO_ENDINGS), "ymail.com", "rocketmail.com", "aol.com", "aim.com"),
        300,
    ),
    MailHost("icloud.com", ("icloud.com", "me.com", "mac.com"), 300),
    MailHost("gmx.net", ("gmx.net", "gmx.de", "gmx.at", "gmx.ch", "gmx.com", "web.de", "mail.com"), 300),
)
_HOST_OF = {domain: host for host in HOSTS for domain in host.domains}
_NAMED = {host.name: host for host in HOSTS}

_WANTS_LESS = re.compile(
    r"throttl|rate[- ]limit|(?:unusual|excessive) (?:rate|volume|number)|too many (?:messages|mails|emails|connections)"
    r"|sending (?:too fast|too many)|slow(?:er| down)|\bTSS\d\d\b|\bRP-00[1-3]\b",
    re.IGNORECASE,
)
_OF_ONE_MAILBOX = re.compile(r"\b4\.2\.[12]\b")
"""Gmail's 4.2.1 "receiving mail at a rate that prevents…" and a full mailbox concern one recipient alone."""


@dataclass(frozen=True, slots=True)
class SentToHost:
    """What went to a mailbox provider in the last minute, and when the oldest of it did."""

    count: int
    oldest: datetime


def host_of(address_key: str) -> str:
    """Whose server an address is for: the provider's first domain, or its own."""
    domain = address_key.rpartition("@")[2]
    host = _HOST_OF.get(domain)
    return host.name if host else domain


def domains_of(host: str) -> tuple[str, ...]:
    """The domains of addresses that are for this server."""
    return _NAMED[host].domains if host in _NAMED else (host,)


def per_minute_to(host: str, slow: SlowPace | None, now: datetime) -> int:
    """Emails a minute that one account may send there now."""
    usual = _NAMED[host].per_minute if host in _NAMED else USUAL_PER_MINUTE
    rate = pace_now(slow, now)
    return usual if rate is None else max(1, min(usual, int(rate)))


def budget_to(host: str, sent: Mapping[str, SentToHost], slow: SlowPace | None, now: datetime) -> Budget:
    """What may go there now, and if nothing, when and why."""
    allowed, used = per_minute_to(host, slow, now), sent.get(host)
    if used is None or used.count < allowed:
        return Budget(allowed - (used.count if used else 0))
    is_slowed = slow is not None and allowed < per_minute_to(host, None, now)
    asked = f" It asked for less: {slow.reason}" if slow is not None and is_slowed else ""
    return Budget(0, used.oldest + MINUTE, f"{host} gets {allowed} emails a minute.{asked}")


def wants_less(words: str) -> bool:
    """Whether a refusal for now is the receiver's wish for fewer emails, and not about one mailbox or one email."""
    return _WANTS_LESS.search(words) is not None and _OF_ONE_MAILBOX.search(words) is None


def slowed(host: str, slow: SlowPace | None, sent_last_minute: int, told: tuple[str, datetime]) -> SlowPace:
    """Half of the pace it had, from now on; `told` are the server's words and the time."""
    words, now = told
    usual = per_minute_to(host, None, now)
    rate = halved(slow, min(sent_last_minute, usual), now)
    return SlowPace(max(SLOWEST_PER_MINUTE, min(rate, usual / 2)), now, words[:200])
