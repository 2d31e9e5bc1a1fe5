"""What DNS says of a sending domain, in plain words with the next step. Pure: records come in, findings go out.

SPF (RFC 7208) names the servers that may send, DKIM (RFC 6376) proves that a message is the domain's, DMARC (RFC 7489)
says what receivers do with mail that is neither. Gmail, Yahoo and Outlook want all three of whoever sends much.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

MOST_LOOKUPS = 10
"""RFC 7208 4.6.4: beyond these, receivers take the record for broken."""


class Check(StrEnum):
    """What is looked at."""

    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


class State(StrEnum):
    """How it stands."""

    GOOD = "good"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result. `code` names it for translations; `record` is name and text of the TXT record to add or
    change, if one helps; `found` what DNS says now."""

    check: Check
    state: State
    code: str
    text: str
    record: tuple[str, str] = ("", "")
    found: tuple[str, ...] = ()


_spf = partial(Finding, Check.SPF)
_dkim = partial(Finding, Check.DKIM)
_dmarc = partial(Finding, Check.DMARC)


@dataclass(frozen=True, slots=True)
class Relay:
    """A server that sends for the domain. `include`: what its provider wants in SPF, "" where that is not known.

    `is_named`: the domain's SPF allows an address of this very host.
    """

    host: str
    include: str = ""
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class SpfFacts:
    """The TXT records of a domain; with all that its SPF includes, whatever the depth, and the lookups it costs."""

    texts: tuple[str, ...]
    includes: frozenset[str] = frozenset()
    lookups: int = 0


@dataclass(frozen=True, slots=True)
class DkimFacts:
    """Our own keys by selector with what DNS has in their places, and usual selectors under which others have keys."""

    ours: tuple["OwnKey", ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key of ours: where its record belongs, what it must say, and whether DNS says that."""

    record_name: str
    record_value: str
    stands: bool
    differs: bool
    is_on: bool


# By the end of the SMTP host: the include that its provider's help pages ask for.
_INCLUDES: tuple[tuple[str, str], ...] = (
    ("gmail.com", "_spf.google.com"), ("google.com", "_spf.google.com"),
    ("office365.com", "spf.protection.outlook.com"), ("outlook.com", "spf.protection.outlook.com"),
    ("amazonaws.com", "amazonses.com"), ("mailgun.org", "mailgun.org"), ("sendgrid.net", "sendgrid.net"),
    ("mailjet.com", "spf.mailjet.com"), ("brevo.com", "spf.brevo.com"), ("zoho.com", "zohomail.com"),
    ("zoho.eu", "zohomail.eu"), ("fastmail.com", "spf.messagingengine.com"), ("ionos.de", "_spf-eu.ionos.com"),
    ("ionos.com", "_spf.perfora.net"), ("mailbox.org", "mailbox.org"), ("ovh.net", "mx.ovh.com"),
    ("gandi.net", "_mailcust.gandi.net"), ("migadu.com", "spf.migadu.com"), ("titan.email", "spf.titan.email"),
    ("privateemail.com", "spf.privateemail.com"), ("emailsrvr.com", "emailsrvr.com"),
    ("secureserver.net", "secureserver.net"), ("infomaniak.com", "spf.infomaniak.ch"),
    ("purelymail.com", "_spf.purelymail.com"), ("yandex.ru", "_spf.yandex.net"), ("yandex.com", "_spf.yandex.net"),
    ("me.com", "icloud.com"), ("protonmail.ch", "_spf.protonmail.ch"),
)  # fmt: skip

USUAL_SELECTORS = (
    "google", "selector1", "selector2", "s1", "s2", "k1", "k2", "k3", "default", "dkim", "mail", "email", "smtp",
    "mailjet", "brevo1", "brevo2", "krs", "mg", "pm", "zoho", "zmail", "fm1", "fm2", "fm3", "sig1", "protonmail",
    "protonmail2", "ionos", "s1-ionos", "s2-ionos", "mbo0001", "key1", "titan1", "20230601",
)  # fmt: skip
"""Under which large providers put their keys. A key under another name is not found by looking."""

_SPF = re.compile(r"v=spf1(?:\s|$)", re.I)
_ALL = re.compile(r"(?:^|\s)([+?~-]?)all(?:\s|$)", re.I)
_REDIRECT = re.compile(r"(?:^|\s)redirect=", re.I)
_TAG = re.compile(r"([a-z]+)\s*=\s*([^;]*)", re.I)


def include_of(smtp_host: str) -> str:
    """What the provider of this server wants in SPF, "" where it is not known."""
    host = smtp_host.lower().rstrip(".")
    return next((include for end, include in _INCLUDES if host == end or host.endswith(f".{end}")), "")


def spf_findings(domain: str, facts: SpfFacts, relays: tuple[Relay, ...]) -> list[Finding]:
    """What is wrong with SPF, or that it is good."""
    records = tuple(text for text in facts.texts if _SPF.match(text))
    wanted = " ".join(dict.fromkeys(f"include:{one.include}" for one in relays if one.include))
    fresh = f"v=spf1 {wanted} ~all" if wanted else "v=spf1 a mx ~all"
    if not records:
        return [
            _spf(State.PROBLEM, "spf_missing", f"{domain} has no SPF record, so receivers cannot tell which servers"
                 " may send its mail. Add this record at your DNS provider.", (domain, fresh)),
        ]  # fmt: skip
    if len(records) > 1:
        return [
            _spf(State.PROBLEM, "spf_several", f"{domain} has {len(records)} SPF records; receivers then ignore all"
                 " of them. Put them together into one.", (domain, _joined(records)), records),
        ]  # fmt: skip
    found = _spf_of(domain, records[0], facts)
    for relay in relays:
        if relay.include and relay.include not in facts.includes and not relay.is_named:
            text = (
                f"Mail goes out through {relay.host}, which the SPF record does not allow. Change the record to this."
            )
            found.append(
                _spf(State.PROBLEM, "spf_relay_missing", text, (domain, _with(records[0], relay.include)), records)
            )
        elif not relay.include and not relay.is_named:
            text = (
                f"Whether the SPF record allows {relay.host} cannot be told from outside. Ask the provider of this"
                " server what it wants in SPF."
            )
            found.append(_spf(State.UNKNOWN, "spf_relay_unknown", text, found=records))
    return found or [_spf(State.GOOD, "spf_good", "SPF allows the servers that send for you.", found=records)]


def _spf_of(domain: str, record: str, facts: SpfFacts) -> list[Finding]:
    found = []
    if facts.lookups > MOST_LOOKUPS:
        text = (
            f"The SPF record costs {facts.lookups} DNS lookups; receivers stop at {MOST_LOOKUPS} and take it for"
            " broken. Remove includes that you no longer use."
        )
        found.append(_spf(State.PROBLEM, "spf_lookups", text, found=(record,)))
    ends = _ALL.search(record)
    if ends and ends[1] in ("", "+"):
        text = "The SPF record ends in +all, which allows every server in the world. End it with ~all."
        found.append(_spf(State.PROBLEM, "spf_all", text, (domain, _ALL.sub(" ~all", record).strip()), (record,)))
    elif not ends and not _REDIRECT.search(record):
        text = "The SPF record has no end, so it says nothing of other servers. End it with ~all."
        found.append(_spf(State.WARNING, "spf_no_end", text, (domain, f"{record.strip()} ~all"), (record,)))
    return found


def dkim_findings(domain: str, facts: DkimFacts) -> list[Finding]:
    """Whether mail of the domain is signed, or what to do for it."""
    found = []
    for key in facts.ours:
        record = (key.record_name, key.record_value)
        if key.differs:
            text = "The DKIM record of Postroom's key says something else than the key. Replace it by this one."
            found.append(_dkim(State.PROBLEM, "dkim_differs", text, record))
        elif not key.stands:
            text = "Postroom has a DKIM key for this domain that DNS does not know yet. Add this record."
            state = State.PROBLEM if key.is_on else State.WARNING
            found.append(_dkim(state, "dkim_record_missing", text, record))
        elif not key.is_on:
            text = "The DKIM record stands. Switch signing on."
            found.append(_dkim(State.WARNING, "dkim_switched_off", text))
    if facts.ours and not found:
        return [_dkim(State.GOOD, "dkim_signed_here", "Postroom signs this domain's mail, and DNS knows its keys.")]
    if facts.others:
        text = "There are DKIM keys of your provider for this domain, so it most likely signs your mail."
        names = tuple(f"{one}._domainkey.{domain}" for one in facts.others)
        found.append(_dkim(State.GOOD, "dkim_of_provider", text, found=names))
    if not found:
        text = (
            "No DKIM key was found under the usual names. If your provider can sign your mail, switch that on there;"
            " if it cannot, make a key here."
        )
        found.append(_dkim(State.UNKNOWN, "dkim_not_found", text))
    return found


def dmarc_findings(domain: str, place: str, texts: tuple[str, ...]) -> list[Finding]:
    """What DMARC says; `place` is the name at which `texts` stand: of the domain, or of one above it."""
    records = tuple(text for text in texts if text.strip().lower().startswith("v=dmarc1"))
    name, start = f"_dmarc.{domain}", "v=DMARC1; p=none"
    if not records:
        text = (
            f"{domain} has no DMARC record. Gmail, Yahoo and Outlook want one from whoever sends much. Add this one: it"
            " asks receivers for nothing yet, and is enough."
        )
        return [_dmarc(State.PROBLEM, "dmarc_missing", text, (name, start))]
    if len(records) > 1:
        text = f"There are {len(records)} DMARC records; receivers then ignore all of them. Keep one."
        return [_dmarc(State.PROBLEM, "dmarc_several", text, found=records)]
    tags = {key.lower(): value.strip() for key, value in _TAG.findall(records[0])}
    is_above = place != name
    policy = (tags.get("sp") if is_above else None) or tags.get("p", "")
    if policy.lower() not in ("none", "quarantine", "reject"):
        text = "The DMARC record names no policy that receivers know. Replace it by this one."
        return [_dmarc(State.PROBLEM, "dmarc_invalid", text, (name, start), records)]
    if policy.lower() == "none":
        text = (
            "DMARC is there and asks receivers for nothing (p=none). That is enough for Gmail, Yahoo and Outlook; once"
            " SPF and DKIM are good for all your mail, p=quarantine protects your name."
        )
        return [_dmarc(State.GOOD, "dmarc_none", text, found=records)]
    text = f"DMARC asks receivers to {_POLICIES[policy.lower()]} mail that neither SPF nor DKIM proves to be yours."
    return [_dmarc(State.GOOD, "dmarc_strict", text, found=records)]


def silent(check: Check, domain: str) -> Finding:
    """DNS gave no answer."""
    text = f"DNS did not answer for {domain}. Try again in a minute."
    return Finding(check, State.UNKNOWN, "dns_silent", text)


_POLICIES = {"quarantine": "put into the spam folder", "reject": "refuse"}


def _joined(records: tuple[str, ...]) -> str:
    words = [word for record in records for word in record.split()[1:] if not _ALL.search(word)]
    return " ".join(["v=spf1", *dict.fromkeys(words), "~all"])


def _with(record: str, include: str) -> str:
    """The record with an include put before its end."""
    end = _ALL.search(record) or _REDIRECT.search(record)
    at = end.start() if end else len(record)
    return " ".join(f"{record[:at]} include:{include} {record[at:]}".split())
