"""Which addresses are ours, whose are coworkers, and which domains are nobody's own."""

import pytest

from postroom.ground.errors import Invalid
from postroom.rooms.accounts.identities import own_addresses_from, proof_of_new
from postroom.rooms.accounts.own_domains import SaidOfDomains, Why, domains_of, read_domain
from postroom.rooms.accounts.public_domains import DOMAINS, is_public_domain
from postroom.wire.mime.address_key import address_key

USERS = ["bob@acme.example", "carl@second.example", "dan@gmail.com", "eve@agency.example"]
SAID = SaidOfDomains(
    domains_of(USERS), listed=frozenset({"third.example"}), refused=frozenset({"agency.example", "outlook.com"})
)
OURS = own_addresses_from(
    [("sales@alias.example", "code"), ("info@acme.example", "domain"), ("ceo@customer.example", "domain")],
    ["ada@acme.example", "ada@gmail.com", "ada@customer.example"],
    USERS,
    SAID.ours,
)


@pytest.mark.parametrize(
    "address",
    ["ada@acme.example", "ADA@Acme.Example", "sales@alias.example", "ada@gmail.com", "info@acme.example"],
)
def test_identities_are_ours_whatever_their_capitals(address: str) -> None:
    assert OURS.is_ours(address_key(address))


def test_a_users_own_address_is_ours_without_a_connected_account() -> None:
    assert OURS.is_ours("carl@second.example")


@pytest.mark.parametrize("address", ["nobody-yet@acme.example", "new.hire@second.example", "x@third.example"])
def test_anyone_at_our_domains_is_a_coworker_but_not_ours(address: str) -> None:
    assert OURS.is_coworker(address)
    assert not OURS.is_ours(address)


@pytest.mark.parametrize("address", ["stranger@gmail.com", "other@alias.example", "x@notacme.example", "acme.example"])
def test_strangers_are_not_coworkers(address: str) -> None:
    assert not OURS.is_coworker(address)


def test_an_account_at_a_customers_domain_makes_nobody_there_a_coworker() -> None:
    assert OURS.is_ours("ada@customer.example"), "the address of the account itself"
    assert not OURS.is_coworker("boss@customer.example")
    assert not OURS.is_coworker("ceo@customer.example"), "an alias that its domain proved, as it was before"
    assert proof_of_new("ceo@customer.example", OURS.domains) == "pending"
    assert proof_of_new("Info@ACME.example", OURS.domains) == "domain"


def test_an_admins_no_counts_before_users_and_public_domains_never_are_ours() -> None:
    assert OURS.domains == {"acme.example", "second.example", "third.example"}
    assert not OURS.is_coworker("other@agency.example") and OURS.is_ours("eve@agency.example")
    assert [SAID.why(one) for one in ("gmail.com", "agency.example", "third.example", "acme.example", "x.example")] == [
        Why.PUBLIC, Why.REFUSED, Why.LISTED, Why.USERS, Why.ACCOUNTS,
    ]  # fmt: skip
    assert SaidOfDomains(frozenset(), frozenset({"gmail.com"})).ours == frozenset()


@pytest.mark.parametrize(
    ("typed", "domain"), [("@Acme.Example", "acme.example"), ("bücher.example.", "xn--bcher-kva.example")]
)
def test_a_domain_is_read_as_it_is_compared(typed: str, domain: str) -> None:
    assert read_domain(typed) == domain


@pytest.mark.parametrize(
    "typed", ["", "acme", "a@acme.example", "*.acme.example", "acme .example", "gmail.com", "Yahoo.FR"]
)
def test_what_is_no_domain_or_a_public_one_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_domain(typed)


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "googlemail.com", "outlook.com", "hotmail.co.uk", "live.nl", "yahoo.com.br", "yahoo.co.jp", "gmx.at",
     "web.de", "icloud.com", "proton.me", "protonmail.com", "qq.com", "163.com", "mail.ru", "yandex.ru", "orange.fr",
     "libero.it", "wp.pl", "seznam.cz", "naver.com", "aol.com", "comcast.net", "btinternet.com", "t-online.de"],
)  # fmt: skip
def test_public_mail_domains_are_known(domain: str) -> None:
    assert is_public_domain(domain)


@pytest.mark.parametrize(
    "domain",
    ["acme.example", "yahoo.acme.com", "live.acme.com", "outlook.agency", "mail.acme.com", "gmail.com.evil.com"],
)
def test_company_domains_are_not_public(domain: str) -> None:
    assert not is_public_domain(domain)


def test_public_domains_are_written_as_they_are_compared() -> None:
    assert len(DOMAINS) > 400
    assert all(domain == address_key(f"x@{domain}")[2:] and "." in domain for domain in DOMAINS)
