"""A sending domain: DNS asked for real on loopback, keys made, switched on when their records stand, mail signed."""

from collections.abc import AsyncIterator
from dataclasses import replace

import dkim
import pytest

from postroom.ground.config import LOOPBACK_NETWORKS
from postroom.ground.errors import Conflict, Forbidden, Invalid, NotFound
from postroom.ground.net import AddressPolicy
from postroom.ground.vault import Vault, new_key
from postroom.journeys import check_domain as journey
from postroom.journeys.check_domain import SendingDomain, check_domain, make_keys, remove_keys, switch_off, switch_on
from postroom.journeys.reseal import reseal_secrets
from postroom.journeys.steps.signing_keys import signing_keys
from postroom.rooms.accounts.access import Asker
from postroom.wire.dkim.keys import Algorithm, record_name, record_strings, record_text
from postroom.wire.lookup.types import Internet, NameServer
from tests.journeys.campaign import begin, crowd, take_a_turn, template
from tests.journeys.office import Office, plain
from tests.journeys.sending import open_desk
from tests.servers.dns import DnsServer, dns_server
from tests.servers.dovecot import DovecotServer


@pytest.fixture
async def dns() -> AsyncIterator[DnsServer]:
    async with dns_server() as server:
        yield server


def internet(dns: DnsServer) -> Internet:
    return Internet(AddressPolicy(LOOPBACK_NETWORKS).check, NameServer("127.0.0.1", dns.port))


async def anna(office: Office, email: str = "anna@us.test") -> Asker:
    user = await office.user(email)
    login = replace(plain(25, "anna"), host="mail.us.test")
    await office.connect(user, login, "secret", login)
    return Asker(office.organization_id, office.admin.id, "admin")


def publish(dns: DnsServer, made: SendingDomain) -> None:
    for key in made.keys:
        text = record_text(Algorithm(key.algorithm), key.public)
        dns.add(record_name(key.domain, key.selector), "TXT", " ".join(f'"{part}"' for part in record_strings(text)))


async def codes(office: Office, dns: DnsServer, domain: str = "us.test") -> dict[str, str]:
    found = await check_domain(office.tools, office.organization_id, domain, internet(dns))
    return {one.code: one.state.value for one in found}


async def test_a_bare_domain_lacks_everything(office: Office, dns: DnsServer) -> None:
    await anna(office)
    dns.add("us.test", "MX", "10 mail.us.test.")
    assert await codes(office, dns) == {
        "spf_missing": "problem",
        "dkim_not_found": "unknown",
        "dmarc_missing": "problem",
    }


async def test_a_domain_in_order_is_called_good(office: Office, dns: DnsServer) -> None:
    await anna(office)
    dns.add("us.test", "TXT", '"v=spf1 include:_spf.us" ".test ~all"', '"other"')
    dns.add("_spf.us.test", "TXT", '"v=spf1 ip4:192.0.2.0/24 a:out.us.test -all"')
    dns.add("mail.us.test", "A", "192.0.2.77")
    dns.add("_dmarc.us.test", "TXT", '"v=DMARC1; p=none"')
    dns.add("default._domainkey.us.test", "TXT", '"v=DKIM1; k=rsa; p=AAAA"')
    assert await codes(office, dns) == {"spf_good": "good", "dkim_of_provider": "good", "dmarc_none": "good"}


async def test_an_spf_record_that_includes_itself_ends_and_costs(office: Office, dns: DnsServer) -> None:
    await anna(office)
    dns.add(
        "us.test",
        "TXT",
        '"v=spf1 include:us.test ' + " ".join(f"include:n{number}.test" for number in range(11)) + ' ~all"',
    )
    assert "spf_lookups" in await codes(office, dns)


async def test_a_silent_dns_is_not_a_missing_record(
    office: Office, dns: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await anna(office)
    dns.deaf |= {"us.test", "_dmarc.us.test"}
    monkeypatch.setattr(journey, "_SECONDS", 2.0)  # those that answer have answered by then
    assert await codes(office, dns) == {"dns_silent": "unknown", "dkim_not_found": "unknown"}


async def test_only_domains_that_are_sent_from_are_looked_at(office: Office, dns: DnsServer) -> None:
    admin = await anna(office)
    for domain in ("else.test", "", "us.test.evil.test"):
        with pytest.raises(NotFound):
            await check_domain(office.tools, office.organization_id, domain, internet(dns))
        with pytest.raises(NotFound):
            await make_keys(office.tools, admin, domain)
    assert dns.asked == []


async def test_keys_are_switched_on_when_dns_shows_them_and_not_before(office: Office, dns: DnsServer) -> None:
    admin = await anna(office)
    with pytest.raises(Invalid, match="Make them first"):
        await switch_on(office.tools, admin, "us.test", internet(dns))
    made = await make_keys(office.tools, admin, "US.test")
    assert [key.algorithm for key in made.keys] == ["rsa", "ed25519"] and not any(key.is_on for key in made.keys)
    with pytest.raises(Conflict):
        await make_keys(office.tools, admin, "us.test")
    with pytest.raises(Invalid, match=r"postroom-\d+\._domainkey\.us\.test"):
        await switch_on(office.tools, admin, "us.test", internet(dns))
    assert (await codes(office, dns))["dkim_record_missing"] == "warning"
    publish(dns, made)
    assert (await codes(office, dns))["dkim_switched_off"] == "warning"
    on = await switch_on(office.tools, admin, "us.test", internet(dns))
    assert all(key.is_on for key in on.keys)
    assert (await codes(office, dns))["dkim_signed_here"] == "good"
    off = await switch_off(office.tools, admin, "us.test")
    assert not any(key.is_on for key in off.keys)
    await remove_keys(office.tools, admin, "us.test")
    with pytest.raises(NotFound):
        await remove_keys(office.tools, admin, "us.test")


async def test_only_admins_change_keys_and_a_providers_domain_gets_none(office: Office) -> None:
    admin = await anna(office, "anna@gmail.com")
    with pytest.raises(Invalid, match="belongs to its provider"):
        await make_keys(office.tools, admin, "gmail.com")
    for role in ("user", "restricted"):
        with pytest.raises(Forbidden):
            await make_keys(office.tools, Asker(office.organization_id, "user_1", role), "gmail.com")


async def test_private_keys_lie_sealed_and_move_to_a_new_sealing_key(office: Office) -> None:
    admin = await anna(office)
    await make_keys(office.tools, admin, "us.test")
    rows = await office.rows("select sealed from dkim_keys")
    assert all(bytes(row[0]).startswith(b"s1.") for row in rows)
    newer = Vault([new_key(), *office.tools.vault._keys.values()])
    tools = replace(office.tools, vault=newer)
    assert await reseal_secrets(tools) >= 2
    async with office.tools.db.transaction() as tx:
        await tx.execute("update dkim_keys set is_on = true")
        keys = await signing_keys(tools, tx, office.organization_id, "anna@us.test")
        assert await signing_keys(tools, tx, office.organization_id, "anna@other.test") == ()
    assert [key.algorithm for key in keys] == [Algorithm.RSA, Algorithm.ED25519]


async def test_mail_goes_out_signed_and_the_copy_in_sent_is_not(
    office: Office, mail_server: DovecotServer, dns: DnsServer
) -> None:
    admin = Asker(office.organization_id, office.admin.id, "admin")
    async with open_desk(office, mail_server, "signer") as desk:
        made = await make_keys(desk.tools, admin, "acme.example")
        publish(dns, made)
        await switch_on(desk.tools, admin, "acme.example", internet(dns))
        await desk.write()
        await desk.deliver()
        raw = desk.smtp.accepted[0].raw
        await desk.file_copies()
        assert [copy["DKIM-Signature"] for copy in desk.in_sent()] == [None]
    assert all(holds(raw, made, number) for number in range(2))


def holds(raw: bytes, made: SendingDomain, number: int) -> bool:
    published = {
        f"{record_name(key.domain, key.selector)}.".encode(): record_text(Algorithm(key.algorithm), key.public).encode()
        for key in made.keys
    }
    return bool(dkim.DKIM(raw).verify(idx=number, dnsfunc=lambda name, timeout=5: published.get(name)))


async def test_bulk_email_goes_out_signed_with_its_fields_for_unsubscribing(
    office: Office, mail_server: DovecotServer, dns: DnsServer
) -> None:
    admin = Asker(office.organization_id, office.admin.id, "admin")
    async with open_desk(office, mail_server, "bulksigner") as desk:
        made = await make_keys(desk.tools, admin, "acme.example")
        publish(dns, made)
        await switch_on(desk.tools, admin, "acme.example", internet(dns))
        await crowd(desk, 3)
        await begin(desk, await template(desk))
        await take_a_turn(desk)
        raws = [one.raw for one in desk.smtp.accepted if b"crowd.example" in one.recipients[0].encode()]
    assert len(raws) == 3
    for raw in raws:
        assert all(holds(raw, made, number) for number in range(2))
        assert not holds(raw.replace(b"subject=unsubscribe", b"subject=Unsubscribe"), made, 0)
