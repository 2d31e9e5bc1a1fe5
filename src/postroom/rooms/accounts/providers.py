"""Which provider an address, a mail exchanger or a server belongs to. The rows stand in `provider_table.py`.

Nothing else in Postroom asks "is this Gmail?" by name: what a provider does otherwise is a column of the table.
"""

from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.provider import CUSTOM, Provider
from postroom.rooms.accounts.provider_table import PROVIDERS
from postroom.rooms.accounts.public_domains import is_country_ending


def provider(key: str) -> Provider:
    """A provider by its key; `custom` for every unknown one."""
    return next((row for row in PROVIDERS if row.key == key), CUSTOM)


def providers() -> tuple[Provider, ...]:
    """All rows, in the order in which they are offered."""
    return PROVIDERS


def provider_of_address(email: str) -> Provider:
    """The provider whose own domain the address is at, else `custom`."""
    domain = email.strip().lower().rpartition("@")[2]
    return next((row for row in PROVIDERS if domain in row.domains), CUSTOM)


def provider_of_exchanger(mx_host: str) -> Provider:
    """The provider that runs a mail exchanger, else `custom`: how a company's own domain is recognised."""
    host = mx_host.strip().lower().rstrip(".")
    for row in PROVIDERS:
        if any(host == ending or host.endswith("." + ending) for ending in row.mx_endings):
            return row
    return CUSTOM


def provider_of_server(host: str, side: Side) -> Provider:
    """The provider whose server this is, else `custom`: for what was typed by hand. This machine is nobody's."""
    name = host.strip().lower().rstrip(".")
    return next((row for row in PROVIDERS if name == _host(row, side) and name != _THIS_MACHINE), CUSTOM)


def files_own_sent(imap_host: str, smtp_host: str, chosen_key: str = "custom") -> bool:
    """Whether what goes out by this SMTP server appears in the Sent folder of this IMAP server by itself.

    Only when both are the same provider's: Gmail files nothing that left through Mailgun. A provider that is reached
    through this machine (Proton's Bridge) is known only by having been chosen.
    """
    chosen = provider(chosen_key)
    rows = [chosen] if _has_both(chosen, imap_host, smtp_host) else PROVIDERS
    return any(row.files_own_sent for row in rows if _has_both(row, imap_host, smtp_host) and _is_named(row, chosen))


def have_one_owner(imap_host: str, smtp_host: str) -> bool:
    """Whether two servers surely belong together, so that one password is meant for both.

    The same host; two of one provider; or two names side by side in one domain (imap.acme.com, smtp.acme.com), which
    is not one where everybody can register (foo.co.uk, bar.co.uk).
    """
    if imap_host == smtp_host:
        return True
    if any(_has_both(row, imap_host, smtp_host) for row in PROVIDERS):
        return True
    domains = {host.partition(".")[2] for host in (imap_host, smtp_host)}
    domain = domains.pop()
    return not domains and "." in domain and not is_country_ending(domain) and not domain[-1].isdigit()


def provider_behind(host: str, side: Side, chosen_key: str) -> Provider:
    """Whose words a server speaks: its owner's where the host is known, else those of the provider that was chosen.

    A Gmail account that sends through Mailgun is refused there by Mailgun, not by Google.
    """
    found = provider_of_server(host, side)
    return found if found is not CUSTOM else provider(chosen_key)


_THIS_MACHINE = "127.0.0.1"


def _has_both(row: Provider, imap_host: str, smtp_host: str) -> bool:
    return (_host(row, Side.RECEIVE), _host(row, Side.SEND)) == (imap_host, smtp_host)


def _is_named(row: Provider, chosen: Provider) -> bool:
    """Whether a row's hosts say who it is, or the person did."""
    return row is chosen or _host(row, Side.RECEIVE) != _THIS_MACHINE


def _host(row: Provider, side: Side) -> str:
    server = row.imap if side is Side.RECEIVE else row.smtp
    return server.host if server is not None else ""
