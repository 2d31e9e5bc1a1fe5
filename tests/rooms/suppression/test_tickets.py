"""Unsubscribe tickets: read back what was put in, and nothing else opens."""

import secrets

import pytest

from postroom.rooms.suppression.tickets import Ticket, Tickets

TICKETS = Tickets(b"k" * 32)


@pytest.mark.parametrize("address", ["bob@acme.example", "zoë@bücher.example", "a" * 64 + "@" + "b" * 180 + ".example"])
def test_a_ticket_tells_who_and_whose(address: str) -> None:
    ticket = Ticket("orga_1", address, "acti_9")
    text = TICKETS.make(ticket)
    assert TICKETS.read(text) == ticket
    assert TICKETS.make(ticket) == text  # the same at every try of one email
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert "acme" not in text and len(text) < 600


def test_what_was_changed_cut_or_made_elsewhere_does_not_open() -> None:
    text = TICKETS.make(Ticket("orga_1", "bob@acme.example"))
    changed = [text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :] for at in range(len(text) - 1)]
    cut = [text[:length] for length in range(len(text))]
    odd = ["", "=", "é" * 50, "-" * 50, text + "AAAA", "A" * 5000, secrets.token_urlsafe(80), text + "\n", " " + text]
    assert all(TICKETS.read(one) is None for one in [*changed, *cut, *odd])
    assert Tickets(b"x" * 32).read(text) is None
