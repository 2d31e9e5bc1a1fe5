"""A DNS server on loopback that knows the records it is told, for tests of discovery. `deaf` names get no answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


class DnsServer(asyncio.DatagramProtocol):
    """Add records with `add`; `asked` lists the questions, as `name TYPE`."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[str] = []
        self.deaf: set[str] = set()
        self._records: dict[tuple[str, str], list[str]] = {}
        self._transport: asyncio.DatagramTransport | None = None

    def add(self, name: str, kind: str, *texts: str) -> None:
        """Records of one name and type, as a zone file writes them."""
        self._records.setdefault((name.lower(), kind), []).extend(texts)

    def forget(self, name: str, kind: str) -> None:
        """Records of one name and type are no more."""
        self._records.pop((name.lower(), kind), None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}")
        if name in self.deaf or self._transport is None:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        texts = self._records.get((name, kind), [])
        if texts:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
        elif not any(known == name for known, _ in self._records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self._transport.sendto(answer.to_wire(), addr)


@contextlib.asynccontextmanager
async def dns_server() -> AsyncIterator[DnsServer]:
    """A server that answers while the block runs."""
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
        DnsServer, local_addr=("127.0.0.1", 0)
    )
    server.port = transport.get_extra_info("sockname")[1]
    try:
        yield server
    finally:
        transport.close()
