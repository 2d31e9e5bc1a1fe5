"""Which servers a domain names for its mail in DNS (RFC 6186, RFC 8314 5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from postroom.ground.errors import Invalid
from postroom.rooms.accounts.account import Encryption, ServerLogin, Side
from postroom.rooms.accounts.typed_server import TypedServer, read_login
from postroom.wire.lookup.types import SrvRecord

SERVICES = {
    Side.RECEIVE: (("_imaps._tcp", Encryption.TLS), ("_imap._tcp", Encryption.STARTTLS)),
    Side.SEND: (("_submissions._tcp", Encryption.TLS), ("_submission._tcp", Encryption.STARTTLS)),
}
"""The services of each side, with what they say about encryption; the better one first."""


@dataclass(frozen=True, slots=True)
class NamedServers:
    """What DNS names for one of a side's services, and how those servers encrypt."""

    encryption: Encryption
    records: tuple[SrvRecord, ...]


def login_from_services(services: Sequence[NamedServers], side: Side, email: str) -> ServerLogin | None:
    """The login at the best server, the address as user name (RFC 6186 4); None where no server is named.

    The lowest priority wins across both services of a side (RFC 6186 3.4), then TLS from the first byte, then weight.
    """
    named = [
        (record.priority, service.encryption is not Encryption.TLS, -record.weight, record.target, record.port)
        for service in services
        for record in service.records
        if record.target and 0 < record.port < 65536
    ]
    for _, is_starttls, _, target, port in sorted(named):
        encryption = Encryption.STARTTLS if is_starttls else Encryption.TLS
        try:
            return read_login(TypedServer(target, port, encryption.value), side, email)
        except Invalid:
            continue  # a name that no host can have
    return None
