"""Find the mail settings of an address, so that nobody has to type a host.

Everybody who may know is asked at the same time, and nobody is waited for longer than five seconds: the domain's mail
exchangers, its SRV records, its autoconfig file (by https alone), and at last usual names, tried under TLS. An address
at a provider's own domain is answered from the table, without asking anybody. Nothing is stored.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from urllib.parse import quote

from postroom.ground.database import no_transaction_open
from postroom.ground.errors import PostroomError
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import srv
from postroom.rooms.accounts.account import Encryption, ServerLogin, Side
from postroom.rooms.accounts.autoconfig import read_autoconfig
from postroom.rooms.accounts.candidates import Candidate, Source, from_logins, from_provider, named, ranked
from postroom.rooms.accounts.provider import SignIn
from postroom.rooms.accounts.providers import provider_of_address, provider_of_exchanger
from postroom.rooms.accounts.typed_server import read_address
from postroom.wire.lookup import names, page, probe
from postroom.wire.lookup.types import Internet
from postroom.wire.mime.address_key import ascii_domain

DISCOVERY_SECONDS = 5.0

GRACE_SECONDS = 0.5
"""Once the best answer stands, the others may still add theirs for so long."""

_IMAP_NAMES = ("imap", "mail")
_SMTP_NAMES = ("smtp", "mail")


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, best first, and who did not answer in time or answered with nonsense."""

    candidates: tuple[Candidate, ...]
    silent: tuple[Source, ...] = ()


async def discover(tools: Tools, email: str, internet: Internet | None = None) -> Discovery:
    """Settings to offer for an address; none is an answer too. Raises Invalid for what is no address."""
    assert no_transaction_open(), "a transaction is open while the network is used"
    address = read_address(email)
    domain = ascii_domain(address.rpartition("@")[2])
    known = from_provider(provider_of_address(f"x@{domain}"), Source.TABLE, address)
    if known is not None:
        return Discovery((known,))
    if "." not in domain or domain[-1].isdigit():
        return Discovery(())  # a machine or an IP address: nobody to ask
    return await _ask_all(internet or Internet(tools.addresses.check), address, domain)


async def _ask_all(internet: Internet, email: str, domain: str) -> Discovery:
    loop = asyncio.get_running_loop()
    end = loop.time() + DISCOVERY_SECONDS
    asked: dict[Source, Awaitable[Candidate | None]] = {
        Source.EXCHANGER: _by_exchanger(internet, email, domain),
        Source.SRV: _by_srv(internet, email, domain),
        Source.AUTOCONFIG: _by_autoconfig(internet, email, domain),
        Source.GUESS: _by_guess(internet, email, domain),
    }
    tasks: dict[Source, _Question] = {source: asyncio.ensure_future(question) for source, question in asked.items()}
    try:
        pending = set(tasks.values())
        while pending and loop.time() < end:
            if _is_settled(tasks):
                end = min(end, loop.time() + GRACE_SECONDS)
                await asyncio.wait(pending, timeout=end - loop.time())
                break
            _, pending = await asyncio.wait(pending, timeout=end - loop.time(), return_when=asyncio.FIRST_COMPLETED)
        answers = {source: _answer(task) for source, task in tasks.items()}
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
    found = [one for one in answers.values() if isinstance(one, Candidate)]
    return Discovery(ranked(found), tuple(source for source, one in answers.items() if one is _SILENT))


_SILENT = object()
_Question = asyncio.Future[Candidate | None]


def _is_settled(tasks: dict[Source, _Question]) -> bool:
    """Whether the best answer is known: a whole one, from a source before which nobody is still to speak."""
    for task in tasks.values():
        if not task.done():
            return False
        answer = _answer(task)
        if isinstance(answer, Candidate) and answer.is_whole:
            return True
    return False


def _answer(task: _Question) -> object:
    """A candidate, None, or silence. Any failure that we know of is silence: somebody else may know."""
    if not task.done() or isinstance(task.exception(), PostroomError):
        return _SILENT
    return task.result()


async def _by_exchanger(internet: Internet, email: str, domain: str) -> Candidate | None:
    for exchanger in await names.mail_exchangers(internet, domain):
        found = from_provider(provider_of_exchanger(exchanger.host), Source.EXCHANGER, email)
        if found is not None:
            return found
    return None


async def _by_srv(internet: Internet, email: str, domain: str) -> Candidate | None:
    imap, smtp = await asyncio.gather(
        _named_login(internet, Side.RECEIVE, email, domain), _named_login(internet, Side.SEND, email, domain)
    )
    return from_logins(Source.SRV, imap, smtp, email)


async def _named_login(internet: Internet, side: Side, email: str, domain: str) -> ServerLogin | None:
    offered = srv.SERVICES[side]
    records = await asyncio.gather(*(names.services(internet, name, domain) for name, _ in offered))
    services = [srv.NamedServers(encryption, found) for (_, encryption), found in zip(offered, records, strict=True)]
    return srv.login_from_services(services, side, email)


async def _by_autoconfig(internet: Internet, email: str, domain: str) -> Candidate | None:
    """The address goes to the domain's own server only, by https: its settings may depend on who asks."""
    urls = (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={quote(email)}",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )
    answers = await asyncio.gather(*(_settings_at(internet, url, email) for url in urls), return_exceptions=True)
    found = [one for one in answers if isinstance(one, Candidate)]
    for one in answers:
        if isinstance(one, BaseException) and not found:
            raise one
    return found[0] if found else None


async def _settings_at(internet: Internet, url: str, email: str) -> Candidate | None:
    xml = await page.fetch_page(internet, url)
    if xml is None:
        return None
    read = read_autoconfig(xml, email)
    found = from_logins(Source.AUTOCONFIG, read.imap, read.smtp, email)
    return None if found is None else named(found, read.name, SignIn.OAUTH if read.only_oauth else found.sign_in)


async def _by_guess(internet: Internet, email: str, domain: str) -> Candidate | None:
    """Usual names, TLS only: the first that greets as it should."""
    imap_hosts, smtp_hosts = ([f"{name}.{domain}" for name in usual] for usual in (_IMAP_NAMES, _SMTP_NAMES))
    greets = await asyncio.gather(
        *(_quietly(probe.speaks_imap(internet, host)) for host in imap_hosts),
        *(_quietly(probe.speaks_smtp(internet, host)) for host in smtp_hosts),
    )
    imap = next((host for host, does in zip(imap_hosts, greets, strict=False) if does), None)
    smtp = next((host for host, does in zip(smtp_hosts, greets[len(imap_hosts) :], strict=True) if does), None)
    return from_logins(
        Source.GUESS,
        ServerLogin(imap, internet.imaps_port, Encryption.TLS, email) if imap else None,
        ServerLogin(smtp, internet.submissions_port, Encryption.TLS, email) if smtp else None,
        email,
    )


async def _quietly(question: Awaitable[bool]) -> bool:
    """One name that fails says nothing about the next."""
    try:
        return await question
    except PostroomError:
        return False
