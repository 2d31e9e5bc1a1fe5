"""Somebody asks for no more bulk email, by the link or the button that one carried, or takes that back.

Reading a link changes nothing: scanners open every link. Only a POST does, and it may come twice.
"""

from dataclasses import dataclass

from postroom.ground.errors import NotFound
from postroom.journeys.steps.suppress_addresses import suppress_addresses
from postroom.journeys.steps.unsubscribe_links import tickets_of
from postroom.journeys.tools import Tools
from postroom.rooms.suppression import store
from postroom.rooms.suppression.suppression import Kind, NewSuppression, Source
from postroom.rooms.suppression.tickets import Ticket
from postroom.rooms.users import store as user_store
from postroom.wire.mime.address_key import address_key

_BY_THE_RECIPIENT = (Source.ONE_CLICK, Source.PAGE, Source.MAILTO)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a link is about, and how it stands. `may_take_back`: the recipient unsubscribed, nobody else did it."""

    ticket: Ticket
    organization_name: str
    is_unsubscribed: bool
    may_take_back: bool


async def read_link(tools: Tools, text: str) -> Wish:
    """What the link is about. Changes nothing. Raises NotFound for a link that is none of ours."""
    ticket = _ticket(tools, text)
    async with tools.db.transaction() as tx:
        name = await user_store.organization_name(tx, ticket.organization_id)
        key = address_key(ticket.address)
        found = (await store.suppressed(tx, ticket.organization_id, [key])).get(key, ())
    if name is None:
        raise NotFound("This link does not work any more.")
    standing = [one for one in found if one.kind is Kind.UNSUBSCRIBED]
    complained = any(one.kind is Kind.COMPLAINT for one in found)
    mine = bool(standing) and standing[0].source in _BY_THE_RECIPIENT and not complained
    return Wish(ticket, name, bool(standing), mine)


async def unsubscribe(tools: Tools, text: str, source: Source) -> Wish:
    """No more bulk email to this address, from now on. Raises NotFound as `read_link`."""
    wish = await read_link(tools, text)
    if not wish.is_unsubscribed:
        ticket, now = wish.ticket, tools.clock()
        async with tools.db.transaction() as tx:
            await suppress_addresses(tx, ticket.organization_id, [_reason(ticket, source)], now)
    return await read_link(tools, text)


async def take_back(tools: Tools, text: str) -> Wish:
    """The recipient wants mail again. What others have entered stays. Raises NotFound as `read_link`."""
    wish = await read_link(tools, text)
    if wish.may_take_back:
        ticket, now = wish.ticket, tools.clock()
        async with tools.db.transaction() as tx:
            await store.lift(tx, ticket.organization_id, [_reason(ticket, Source.PAGE)], now)
    return await read_link(tools, text)


def _ticket(tools: Tools, text: str) -> Ticket:
    ticket = tickets_of(tools).read(text)
    if ticket is None:
        raise NotFound("This is not an unsubscribe link of ours.")
    return ticket


def _reason(ticket: Ticket, source: Source) -> NewSuppression:
    return NewSuppression(ticket.address, Kind.UNSUBSCRIBED, source, email_id=ticket.email_id or None)
