"""Which addresses are ours, whose are coworkers, and which domains are nobody's own."""

import pytest

from postroom.rooms.accounts.identities import own_addresses_from
from postroom.rooms.accounts.public_domains import DOMAINS, is_public_domain
from postroom.wire.mime.address_key import address_key

OURS = own_addresses_from(
    identity_keys=["sales@alias.example", "ada@gmail.com"],
    account_keys=["ada@acme.example", "ada@gmail.com"],
    user_keys=["bob@acme.example", "carl@second.example"],
)


@pytest.mark.parametrize("address", ["ada@acme.example", "ADA@Acme.Example", "sales@alias.example", "ada@gmail.com"])
def test_identities_are_ours_whatever_their_capitals(address: str) -> None:
    assert OURS.is_ours(address_key(address))


def test_a_users_own_address_is_ours_without_a_connected_account() -> None:
    assert OURS.is_ours("carl@second.example")


@pytest.mark.parametrize("address", ["nobody-yet@acme.example", "new.hire@second.example"])
def test_anyone_at_our_domains_is_a_coworker_but_not_ours(address: str) -> None:
    assert OURS.is_coworker(address)
    assert not OURS.is_ours(address)


@pytest.mark.parametrize("address", ["stranger@gmail.com", "other@alias.example", "x@notacme.example", "acme.example"])
def test_strangers_are_not_coworkers(address: str) -> None:
    assert not OURS.is_coworker(address)


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
