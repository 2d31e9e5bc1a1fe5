"""DNS: addresses, mail exchangers, services and texts of a name. A name that does not exist has none; that is no error.

Names are asked for as they are, without the system's search list: `acme.com` is never `acme.com.office.example`.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import dns.asyncresolver
import dns.exception
import dns.name
import dns.resolver

from postroom.ground.errors import Temporary
from postroom.wire.lookup.types import Internet, MailExchanger, SrvRecord

LOOKUP_SECONDS = 4.0
_MOST_RECORDS = 20
_LONGEST_TEXT = 4_000


async def addresses(internet: Internet, host: str) -> tuple[IPv4Address | IPv6Address, ...]:
    """IPv4 first: a network without IPv6 is more usual than one without IPv4. Raises Temporary."""
    found = [*await _records(internet, host, "A"), *await _records(internet, host, "AAAA")]
    return tuple(ip_address(record.address) for record in found)


async def mail_exchangers(internet: Internet, domain: str) -> tuple[MailExchanger, ...]:
    """In the order of preference; empty as well for a domain that takes no mail (RFC 7505). Raises Temporary."""
    found = [MailExchanger(one.preference, _text(one.exchange)) for one in await _records(internet, domain, "MX")]
    return tuple(sorted((one for one in found if one.host), key=lambda one: (one.preference, one.host)))


async def services(internet: Internet, service: str, domain: str) -> tuple[SrvRecord, ...]:
    """The servers of a service such as `_imaps._tcp`, as they come. Raises Temporary."""
    found = await _records(internet, f"{service}.{domain}", "SRV")
    return tuple(SrvRecord(one.priority, one.weight, one.port, _text(one.target)) for one in found)


async def texts(internet: Internet, name: str) -> tuple[str, ...]:
    """The texts of a name; the strings of each record in one piece (RFC 7208 3.3). Raises Temporary."""
    found = await _records(internet, name, "TXT")
    return tuple(b"".join(one.strings).decode("utf-8", "replace")[:_LONGEST_TEXT] for one in found)


async def _records(internet: Internet, name: str, kind: str) -> Sequence[Any]:
    try:
        asked = dns.name.from_text(name, origin=dns.name.root)
    except (dns.exception.DNSException, UnicodeError):
        return ()  # no such name can exist
    try:
        answer = await _resolver(internet).resolve(
            asked, kind, lifetime=LOOKUP_SECONDS, search=False, raise_on_no_answer=False
        )
    except dns.resolver.NXDOMAIN:
        return ()
    except (dns.exception.DNSException, OSError, EOFError) as error:
        raise Temporary(f"The name {name} could not be looked up.") from error
    return list(answer)[:_MOST_RECORDS] if answer.rrset is not None else ()


def _resolver(internet: Internet) -> dns.asyncresolver.Resolver:
    if internet.name_server is None:
        return dns.asyncresolver.Resolver()
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = [internet.name_server.address]
    resolver.port = internet.name_server.port
    return resolver


def _text(name: dns.name.Name) -> str:
    """A host as other files write it: lower case, without the last dot; the root is empty."""
    return name.to_text(omit_final_dot=True).lower() if name != dns.name.root else ""
