"""The provider table is whole, and its rows are found by address, mail exchanger and server."""

from collections import Counter
from itertools import product

import pytest

from postroom.ground.errors import Invalid, NeedsUser, Permanent, Remedy, Temporary
from postroom.rooms.accounts.account import Encryption, Side
from postroom.rooms.accounts.provider import CUSTOM, Provider, SignIn
from postroom.rooms.accounts.providers import (
    files_own_sent,
    have_one_owner,
    provider,
    provider_behind,
    provider_of_address,
    provider_of_exchanger,
    provider_of_server,
    providers,
)
from postroom.rooms.accounts.public_domains import is_public_domain
from postroom.rooms.accounts.remedies import advice, advice_for, with_remedy

ROWS = pytest.mark.parametrize("row", providers(), ids=lambda row: row.key)


def test_there_are_more_than_forty_providers() -> None:
    assert len(providers()) >= 40


@ROWS
def test_each_row_says_where_it_is_from(row: Provider) -> None:
    assert row.source
    assert row.name
    assert row.imap or row.smtp
    assert all(quirk.text.endswith((".", "INBOX.")) for quirk in row.quirks)


@ROWS
def test_no_preset_is_unencrypted_but_to_this_machine(row: Provider) -> None:
    for server in (row.imap, row.smtp):
        if server is not None and server.encryption is Encryption.NONE:
            assert server.host == "127.0.0.1"


@ROWS
def test_who_wants_an_app_password_says_where_to_make_one(row: Provider) -> None:
    if row.needs_app_password:
        assert row.app_code_url.startswith("https://")
        assert row.app_code_where


def test_keys_and_domains_are_told_apart() -> None:
    keys = Counter(row.key for row in providers())
    domains = Counter(domain for row in providers() for domain in row.domains)
    assert max(keys.values()) == 1
    assert max(domains.values()) == 1


def test_a_providers_own_domain_is_nobodys_company() -> None:
    missing = [domain for row in providers() for domain in row.domains if not is_public_domain(domain)]
    assert missing == []


@pytest.mark.parametrize(
    ("email", "key"),
    [("ada@gmail.com", "google"), ("Ada@GMX.de", "gmx"), ("x@hotmail.fr", "outlook"), ("x@yahoo.co.uk", "yahoo"),
     ("x@acme.example", "custom"), ("x@me.com", "icloud"), ("x@qq.com", "qq"), ("broken", "custom")],
)  # fmt: skip
def test_an_address_names_its_provider(email: str, key: str) -> None:
    assert provider_of_address(email).key == key


@pytest.mark.parametrize(
    ("exchanger", "key"),
    [("aspmx.l.google.com", "google"), ("acme-example.mail.protection.outlook.com.", "microsoft"),
     ("outlook-com.olc.protection.outlook.com", "outlook"), ("in1-smtp.messagingengine.com", "fastmail"),
     ("mx00.ionos.de", "ionos_de"), ("mx.acme.example", "custom"), ("notgoogle.com", "custom")],
)  # fmt: skip
def test_a_company_domain_is_recognised_by_its_mail_exchanger(exchanger: str, key: str) -> None:
    assert provider_of_exchanger(exchanger).key == key


def test_gmail_files_what_it_sends_and_nothing_that_mailgun_sends() -> None:
    assert files_own_sent("imap.gmail.com", "smtp.gmail.com")
    assert files_own_sent("outlook.office365.com", "smtp-mail.outlook.com")
    assert not files_own_sent("imap.gmail.com", "smtp.mailgun.org")
    assert not files_own_sent("mail.acme.example", "smtp.gmail.com")


def test_a_server_on_this_machine_is_protons_bridge_only_if_so_chosen() -> None:
    assert provider_of_server("127.0.0.1", Side.RECEIVE) is CUSTOM
    assert files_own_sent("127.0.0.1", "127.0.0.1", "proton")
    assert not files_own_sent("127.0.0.1", "127.0.0.1", "custom")


@pytest.mark.parametrize(
    ("imap", "smtp", "one"),
    [("imap.acme.example", "smtp.acme.example", True), ("posteo.de", "posteo.de", True),
     ("imap.gmx.net", "mail.gmx.net", True), ("outlook.office365.com", "smtp-mail.outlook.com", True),
     ("imap.acme.example", "smtp.mailgun.org", False), ("foo.co.uk", "bar.co.uk", False), ("a.com", "b.com", False),
     ("10.0.0.1", "11.0.0.1", False), ("127.0.0.1", "127.0.0.1", True), ("2001:db8::1", "2001:db8::2", False)],
)  # fmt: skip
def test_a_password_is_shared_only_between_servers_of_one_owner(imap: str, smtp: str, one: bool) -> None:
    assert have_one_owner(imap, smtp) is one


def test_a_refusal_is_explained_by_whose_server_it_is() -> None:
    assert provider_of_server("SMTP.mailgun.org", Side.SEND).key == "mailgun"
    assert provider_behind("smtp.mailgun.org", Side.SEND, "google").key == "mailgun"
    assert provider_behind("mail.acme.example", Side.SEND, "google").key == "google"
    assert provider("no such") is CUSTOM


def test_a_wrong_password_where_app_passwords_are_wanted_says_so_and_links_there() -> None:
    error = with_remedy("yahoo", NeedsUser("NO [AUTHENTICATIONFAILED]", remedy=Remedy.PASSWORD))
    assert isinstance(error, NeedsUser)
    assert error.remedy is Remedy.APP_PASSWORD
    told = advice_for("yahoo", Side.RECEIVE, error)
    assert "app password" in told.next_step
    assert told.help_url.startswith("https://login.yahoo.com/")


def test_a_password_at_microsoft_leads_to_its_own_sign_in() -> None:
    error = with_remedy("outlook", NeedsUser("NO LOGIN failed.", remedy=Remedy.PASSWORD))
    assert isinstance(error, NeedsUser)
    assert error.remedy is Remedy.CONSENT
    assert provider("outlook").sign_in is SignIn.OAUTH


@pytest.mark.parametrize("error", [NeedsUser("x", remedy=Remedy.CERTIFICATE), Temporary("x"), Permanent("x")])
def test_other_failures_stay_what_they_are(error: NeedsUser | Temporary | Permanent) -> None:
    assert with_remedy("yahoo", error) is error


def test_office_explains_the_smtp_switch_step_by_step() -> None:
    told = advice("microsoft", Side.SEND, Remedy.SMTP_AUTH)
    for words in ("Authenticated SMTP", "Manage email apps", "untick", "30 minutes", "outbox"):
        assert words in told.next_step
    assert advice("microsoft", Side.RECEIVE, Remedy.USER_NAME).cause.startswith("The sign-in name in Office 365")
    assert "IMAP" in advice("microsoft", Side.RECEIVE, Remedy.IMAP_ACCESS).next_step


@ROWS
def test_every_remedy_of_every_provider_has_words(row: Provider) -> None:
    for side, remedy in product(Side, Remedy):
        told = advice(row.key, side, remedy)
        assert told.cause.endswith(".")
        assert told.next_step.endswith(".")
        assert "{" not in told.cause + told.next_step


def test_an_address_in_the_own_network_names_the_setting() -> None:
    assert "POSTROOM_ALLOW_NETWORKS" in advice_for("custom", Side.SEND, Invalid("no")).next_step
