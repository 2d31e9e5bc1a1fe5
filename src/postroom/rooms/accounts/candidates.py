"""Settings found for an address, with where they come from, in the order in which they are offered.

They are shown before they are used: DNS without DNSSEC can be forged, so a server outside the address's own domain
that is no known provider's is marked (RFC 6186 section 6).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from postroom.rooms.accounts.account import ServerLogin, Side
from postroom.rooms.accounts.provider import CUSTOM, Provider, SignIn
from postroom.rooms.accounts.providers import provider_of_server


class Source(StrEnum):
    """Who says so; the most trustworthy first.

    Where the mail is delivered (MX) goes before what a domain says of itself: web hosts publish SRV records and
    autoconfig files for every domain, also for those whose mail was moved to Google or Microsoft long ago.
    """

    TABLE = "table"
    EXCHANGER = "mx"
    SRV = "srv"
    AUTOCONFIG = "autoconfig"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Settings to offer. `user_hint`: the user name is not the address, but this.

    `is_foreign`: a server lies outside the address's domain and is of nobody we know; look before you type a password.
    """

    source: Source
    provider: Provider
    name: str
    imap: ServerLogin | None
    smtp: ServerLogin | None
    sign_in: SignIn = SignIn.PASSWORD
    user_hint: str = ""
    is_foreign: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether both sides are known."""
        return self.imap is not None and self.smtp is not None


def from_provider(row: Provider, source: Source, email: str) -> Candidate | None:
    """A provider's settings; None for one that has no mailboxes."""
    if row is CUSTOM or row.imap is None:
        return None
    user = "" if row.user_hint else email
    smtp = row.smtp.login(user) if row.smtp else None
    return Candidate(source, row, row.name, row.imap.login(user), smtp, row.sign_in, row.user_hint)


def from_logins(source: Source, imap: ServerLogin | None, smtp: ServerLogin | None, email: str) -> Candidate | None:
    """Settings that were found elsewhere; None where there are none."""
    if imap is None and smtp is None:
        return None
    row = _provider_of(imap, smtp)
    domain = email.rpartition("@")[2].lower()
    return Candidate(
        source,
        row,
        row.name if row is not CUSTOM else domain,
        imap,
        smtp,
        row.sign_in,
        is_foreign=any(login is not None and _is_foreign(login, side, domain) for login, side in _sides(imap, smtp)),
    )


def ranked(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Whole ones first, then by source; the same servers once, under the best source."""
    order = list(Source)
    best: dict[object, Candidate] = {}
    for one in sorted(found, key=lambda one: (not one.is_whole, order.index(one.source))):
        best.setdefault((_place(one.imap), _place(one.smtp)), one)
    return tuple(best.values())


def named(candidate: Candidate, name: str, sign_in: SignIn) -> Candidate:
    """With the name and the way to sign in that its file gives, unless the provider is known."""
    if candidate.provider is not CUSTOM:
        return candidate
    return replace(candidate, name=name or candidate.name, sign_in=sign_in)


def _place(login: ServerLogin | None) -> tuple[str, int] | None:
    return None if login is None else (login.host, login.port)


def _sides(imap: ServerLogin | None, smtp: ServerLogin | None) -> tuple[tuple[ServerLogin | None, Side], ...]:
    return (imap, Side.RECEIVE), (smtp, Side.SEND)


def _provider_of(imap: ServerLogin | None, smtp: ServerLogin | None) -> Provider:
    """The provider that runs all of the servers, else custom."""
    rows = [provider_of_server(login.host, side) for login, side in _sides(imap, smtp) if login is not None]
    return rows[0] if all(row is rows[0] for row in rows) else CUSTOM


def _is_foreign(login: ServerLogin, side: Side, domain: str) -> bool:
    host = login.host.lower()
    is_own = host == domain or host.endswith("." + domain)
    return not is_own and provider_of_server(host, side) is CUSTOM
