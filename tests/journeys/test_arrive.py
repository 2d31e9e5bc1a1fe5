"""J1: what lies in a mailbox comes in, is judged, filed on leads, and stands in the ledger."""

from uuid import uuid4

import pytest

from postroom.rooms.mailbox.sightings import Verdict
from tests.journeys.office import Office, letter, plain
from tests.servers.dovecot import PASSWORD, DovecotServer


class Desk:
    """Anna's mailbox on Dovecot, connected."""

    def __init__(self, office: Office, server: DovecotServer, name: str, account_id: str) -> None:
        self.office, self.server, self.name, self.account_id = office, server, name, account_id

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        self.server.deliver(self.name, folder, raw)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> Desk:
    name = f"anna-{uuid4().hex[:8]}"
    mail_server.add_user(name)
    user = await office.user("anna@acme.example")
    account_id = await office.connect(user, plain(mail_server.imap_port, name), PASSWORD)
    return Desk(office, mail_server, name, account_id)


async def test_mail_with_a_contact_stands_on_the_lead_and_other_mail_is_not_stored(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", "bob@bolt.example")
    desk.deliver(letter("Bob <bob@bolt.example>", "anna@acme.example", "Offer"))
    desk.deliver(letter("spam@shop.example", "anna@acme.example", "Buy now", "SECRETWORD"))
    desk.deliver(letter("ben@acme.example", "anna@acme.example", "Lunch"))
    desk.deliver(letter("anna@acme.example", "bob@bolt.example", "Our offer"), "Sent")
    await desk.office.pull(desk.account_id)
    assert await desk.office.subjects(lead) == ["Offer", "Our offer"]
    ledger = await desk.office.ledger(desk.account_id)
    assert ledger["INBOX"] == {Verdict.KEPT: 1, Verdict.NO_CONTACT: 1, Verdict.COWORKERS: 1}
    assert ledger["Sent"] == {Verdict.KEPT: 1}
