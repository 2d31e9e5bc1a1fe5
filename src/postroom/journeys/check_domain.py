"""A domain that mail is sent from: what DNS says of it, and keys of our own to sign its mail with.

Only domains of connected accounts are looked at or get keys. DNS is asked outside of transactions, all at once.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network

from postroom.ground.database import no_transaction_open
from postroom.ground.errors import Conflict, Forbidden, Invalid, NotFound, Temporary
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.access import Asker
from postroom.rooms.accounts.public_domains import is_public_domain
from postroom.rooms.sending_domains import store
from postroom.rooms.sending_domains.findings import (
    MOST_LOOKUPS,
    USUAL_SELECTORS,
    Check,
    DkimFacts,
    Finding,
    OwnKey,
    Relay,
    SpfFacts,
    dkim_findings,
    dmarc_findings,
    include_of,
    silent,
    spf_findings,
)
from postroom.rooms.sending_domains.store import KeptKey, seal_context
from postroom.wire.dkim.keys import Algorithm, make_key, public_in, record_name, record_text
from postroom.wire.lookup import names
from postroom.wire.lookup.types import Internet
from postroom.wire.mime.address_key import ascii_domain
from postroom.wire.mime.addresses import domain_of

_SELECTORS = {Algorithm.RSA: "postroom", Algorithm.ED25519: "postroom-ed"}
_SECONDS = 15.0
_MOST_INCLUDES = 30


@dataclass(frozen=True, slots=True)
class SendingDomain:
    """A domain of connected accounts. `is_public`: a provider's own, whose DNS is not the user's."""

    domain: str
    accounts: tuple[str, ...]
    smtp_hosts: tuple[str, ...]
    is_public: bool
    keys: tuple[KeptKey, ...]


async def sending_domains(tools: Tools, organization_id: str) -> list[SendingDomain]:
    """The domains that the organization's accounts send from, in alphabetical order."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    async with tools.db.transaction() as tx:
        for account in await account_store.list_all(tx, organization_id):
            if account.smtp is None:
                continue
            aliases = await identity_store.identities(tx, organization_id, account.id)
            for address in dict.fromkeys((account.email, *(one.address for one in aliases))):
                emails, hosts = found.setdefault(ascii_domain(domain_of(address)), ([], []))
                emails.append(address)
                hosts.append(account.smtp.host)
        keys = await store.keys(tx, organization_id)
    return [
        SendingDomain(
            domain, tuple(emails), tuple(dict.fromkeys(hosts)), is_public_domain(domain),
            tuple(key for key in keys if key.domain == domain),
        )
        for domain, (emails, hosts) in sorted(found.items())
        if domain
    ]  # fmt: skip


async def sending_domain(tools: Tools, organization_id: str, domain: str) -> SendingDomain:
    """One of them. Raises NotFound."""
    wanted = ascii_domain(domain)
    for one in await sending_domains(tools, organization_id):
        if one.domain == wanted:
            return one
    raise NotFound(f"No connected account sends from {domain}.")


async def check_domain(
    tools: Tools, organization_id: str, domain: str, internet: Internet | None = None
) -> list[Finding]:
    """Ask DNS now: SPF, DKIM and DMARC, each with what to do. Raises NotFound."""
    looked_at = await sending_domain(tools, organization_id, domain)
    assert no_transaction_open(), "a transaction is open while the network is used"
    net = internet or Internet(tools.addresses.check)
    questions = {
        Check.SPF: _spf(net, looked_at), Check.DKIM: _dkim(net, looked_at), Check.DMARC: _dmarc(net, looked_at.domain),
    }  # fmt: skip
    answers = await asyncio.gather(*(_in_time(check, question, domain) for check, question in questions.items()))
    return [finding for answer in answers for finding in answer]


async def make_keys(tools: Tools, asker: Asker, domain: str) -> SendingDomain:
    """Make a key of each kind, switched off until DNS knows it. Raises Forbidden, NotFound, Conflict, Invalid."""
    _require_admin(asker)
    org = asker.organization_id
    looked_at = await sending_domain(tools, org, domain)
    if looked_at.is_public:
        raise Invalid(f"{domain} belongs to its provider, who signs its mail.")
    if looked_at.keys:
        raise Conflict(f"There are keys for {domain} already. Remove them first to make new ones.")
    now, new = tools.clock(), []
    for algorithm, selector in _SELECTORS.items():
        # By the day, so that new keys never stand under the name of old ones, which DNS still remembers.
        name = f"{selector}-{now:%y%m%d%H%M}"
        made = await asyncio.to_thread(make_key, algorithm)
        sealed = tools.vault.seal(made.private, seal_context(org, looked_at.domain, name))
        new.append(KeptKey(looked_at.domain, name, algorithm, made.public, False, now, sealed))
    async with tools.db.transaction() as tx:
        await store.insert_keys(tx, org, new, (asker.user_id, now))
    return await sending_domain(tools, org, domain)


async def switch_on(tools: Tools, asker: Asker, domain: str, internet: Internet | None = None) -> SendingDomain:
    """Sign from now on with the keys whose records stand. Raises Invalid where none does, and as `make_keys`."""
    _require_admin(asker)
    looked_at = await sending_domain(tools, asker.organization_id, domain)
    own = await _own_keys(internet or Internet(tools.addresses.check), looked_at)
    ready = [kept.selector for kept, key in zip(looked_at.keys, own, strict=True) if key.stands]
    if not ready:
        first = own[0].record_name if own else ""
        raise Invalid(
            f"DNS does not show the record {first} yet. Add it at your DNS provider; it may take an hour to be seen."
            if first
            else f"There are no keys for {domain}. Make them first."
        )
    return await _switch(tools, asker, looked_at, ready)


async def switch_off(tools: Tools, asker: Asker, domain: str) -> SendingDomain:
    """Sign no more. The keys stay. Raises Forbidden, NotFound."""
    _require_admin(asker)
    looked_at = await sending_domain(tools, asker.organization_id, domain)
    return await _switch(tools, asker, looked_at, [])


async def remove_keys(tools: Tools, asker: Asker, domain: str) -> None:
    """Forget the keys of a domain. Raises Forbidden, NotFound."""
    _require_admin(asker)
    async with tools.db.transaction() as tx:
        stamp = (asker.user_id, tools.clock())
        if not await store.delete_keys(tx, asker.organization_id, ascii_domain(domain), stamp):
            raise NotFound(f"There are no keys for {domain}.")


async def _switch(tools: Tools, asker: Asker, looked_at: SendingDomain, on: Sequence[str]) -> SendingDomain:
    async with tools.db.transaction() as tx:
        await store.switch(tx, asker.organization_id, looked_at.domain, on, (asker.user_id, tools.clock()))
    return await sending_domain(tools, asker.organization_id, looked_at.domain)


def _require_admin(asker: Asker) -> None:
    if asker.role != "admin":
        raise Forbidden("Only an admin may change how a domain's mail is signed.")


async def _in_time(check: Check, question: Awaitable[list[Finding]], domain: str) -> list[Finding]:
    try:
        async with asyncio.timeout(_SECONDS):
            return await question
    except (Temporary, TimeoutError):
        return [silent(check, domain)]


async def _spf(net: Internet, looked_at: SendingDomain) -> list[Finding]:
    texts = await names.texts(net, looked_at.domain)
    walk = _Walk(net)
    for text in texts:
        if text.lower().startswith("v=spf1"):
            await walk.read(looked_at.domain, text)
    relays = []
    for host in () if looked_at.is_public else looked_at.smtp_hosts:
        known = await names.addresses(net, host) if not include_of(host) else ()
        relays.append(Relay(host, include_of(host), any(walk.allows(one) for one in known)))
    facts = SpfFacts(texts, frozenset(walk.includes), walk.lookups)
    return spf_findings(looked_at.domain, facts, tuple(relays))


class _Walk:
    """Through an SPF record and all that it includes (RFC 7208 5), with what it costs in lookups."""

    def __init__(self, net: Internet) -> None:
        self._net = net
        self._networks: list[str] = []
        self._known: set[IPv4Address | IPv6Address] = set()
        self.includes: set[str] = set()
        self.lookups = 0

    async def read(self, domain: str, record: str) -> None:
        for word in record.split()[1:]:
            if self.lookups > 3 * MOST_LOOKUPS:
                return  # receivers gave up long before
            name, _, value = word.lstrip("+?~-").replace("=", ":", 1).partition(":")
            target = value.partition("/")[0].rstrip(".").lower() or domain
            match name.partition("/")[0].lower():
                case "include" | "redirect":
                    await self._include(target)
                case "ip4" | "ip6":
                    self._networks.append(value)
                case "a":
                    await self._hosts([target])
                case "mx":
                    exchangers = await names.mail_exchangers(self._net, target)
                    await self._hosts([one.host for one in exchangers[:10]])
                case "exists" | "ptr":
                    self.lookups += 1

    async def _include(self, target: str) -> None:
        self.lookups += 1
        if target in self.includes or len(self.includes) >= _MOST_INCLUDES or self.lookups > 3 * MOST_LOOKUPS:
            return
        self.includes.add(target)
        if "%" in target:
            return  # a macro (RFC 7208 7) is another name for each sender
        for text in await names.texts(self._net, target):
            if text.lower().startswith("v=spf1"):
                await self.read(target, text)

    async def _hosts(self, hosts: Sequence[str]) -> None:
        self.lookups += 1
        for host in hosts:
            if "%" not in host:
                self._known |= set(await names.addresses(self._net, host))

    def allows(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether the record names this address."""
        return address in self._known or any(_holds(network, address) for network in self._networks)


def _holds(network: str, address: IPv4Address | IPv6Address) -> bool:
    try:
        return address in ip_network(network, strict=False)
    except ValueError:
        return False


async def _dkim(net: Internet, looked_at: SendingDomain) -> list[Finding]:
    own = await _own_keys(net, looked_at)
    found = await asyncio.gather(*(_has_key(net, one, looked_at.domain) for one in USUAL_SELECTORS))
    others = tuple(name for name, has in zip(USUAL_SELECTORS, found, strict=True) if has)
    return dkim_findings(looked_at.domain, DkimFacts(tuple(own), others))


async def _own_keys(net: Internet, looked_at: SendingDomain) -> list[OwnKey]:
    return list(await asyncio.gather(*(_own_key(net, one) for one in looked_at.keys)))


async def _own_key(net: Internet, kept: KeptKey) -> OwnKey:
    name = record_name(kept.domain, kept.selector)
    published = [public_in(text) for text in await names.texts(net, name)]
    stands = kept.public in published
    value = record_text(Algorithm(kept.algorithm), kept.public)
    return OwnKey(name, value, stands, bool(published) and not stands, kept.is_on)


async def _has_key(net: Internet, selector: str, domain: str) -> bool:
    return any(public_in(text) for text in await names.texts(net, record_name(domain, selector)))


async def _dmarc(net: Internet, domain: str) -> list[Finding]:
    """At the domain, else at the domains above it, the nearest first."""
    labels = domain.split(".")
    for up in range(max(len(labels) - 1, 1)):
        place = f"_dmarc.{'.'.join(labels[up:])}"
        texts = await names.texts(net, place)
        if any(text.strip().lower().startswith("v=dmarc1") for text in texts):
            return dmarc_findings(domain, place, texts)
    return dmarc_findings(domain, f"_dmarc.{domain}", ())
