"""What SRV records and autoconfig files mean, and in which order found settings are offered."""

import pytest

from postroom.ground.errors import Invalid
from postroom.rooms.accounts.account import Encryption, ServerLogin, Side
from postroom.rooms.accounts.autoconfig import read_autoconfig
from postroom.rooms.accounts.candidates import Candidate, Source, from_logins, from_provider, ranked
from postroom.rooms.accounts.provider import CUSTOM, SignIn
from postroom.rooms.accounts.providers import provider
from postroom.rooms.accounts.srv import NamedServers, login_from_services
from postroom.wire.lookup.types import SrvRecord

EMAIL = "ada.l@acme.test"


def server(kind: str, host: str, port: str, socket: str, user: str = "%EMAILADDRESS%", way: str = "plain") -> str:
    tag = "incomingServer" if kind != "smtp" else "outgoingServer"
    return (
        f"<{tag} type='{kind}'><hostname>{host}</hostname><port>{port}</port><socketType>{socket}</socketType>"
        f"<username>{user}</username><authentication>{way}</authentication></{tag}>"
    )


def config(*servers: str) -> bytes:
    return (
        "<?xml version='1.0'?><clientConfig version='1.1'><emailProvider id='acme.test'><domain>acme.test</domain>"
        f"<displayName>Acme Mail</displayName>{''.join(servers)}</emailProvider></clientConfig>"
    ).encode()


def test_the_first_server_that_encrypts_is_taken() -> None:
    read = read_autoconfig(
        config(
            server("pop3", "pop.acme.test", "995", "SSL"),
            server("imap", "clear.acme.test", "143", "plain"),
            server("imap", "imap.%EMAILDOMAIN%", "993", "SSL", "%EMAILLOCALPART%"),
            server("imap", "other.acme.test", "993", "SSL"),
            server("smtp", "smtp.acme.test", "587", "STARTTLS"),
        ),
        EMAIL,
    )
    assert read.imap == ServerLogin("imap.acme.test", 993, Encryption.TLS, "ada.l")
    assert read.smtp == ServerLogin("smtp.acme.test", 587, Encryption.STARTTLS, EMAIL)
    assert read.name == "Acme Mail"
    assert not read.only_oauth


def test_servers_that_only_take_oauth_say_so() -> None:
    read = read_autoconfig(config(server("imap", "imap.acme.test", "993", "SSL", way="OAuth2")), EMAIL)
    assert read.only_oauth
    assert read.smtp is None


def test_a_server_with_a_way_to_sign_in_that_nobody_here_knows_is_left_out() -> None:
    assert read_autoconfig(config(server("imap", "imap.acme.test", "993", "SSL", way="GSSAPI")), EMAIL).imap is None


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<html><body>Not found</body></html>",
        b"<clientConfig>",
        b"\xff\xfe<\x00",
        b"<?xml version='1.0' encoding='martian'?><clientConfig/>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><clientConfig><emailProvider>&a;</emailProvider></clientConfig>",
        b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><clientConfig><emailProvider/></clientConfig>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><clientConfig><emailProvider/></clientConfig>".encode("utf-16"),
        b"<clientConfig>" + b" " * 70_000 + b"<emailProvider/></clientConfig>",
    ],
)
def test_what_is_no_settings_file_is_refused(xml: bytes) -> None:
    with pytest.raises(Invalid):
        read_autoconfig(xml, EMAIL)


@pytest.mark.parametrize("host", ["", "no host", "http://x.test/", "-x.test", "a" * 300])
def test_a_host_that_cannot_be_one_is_left_out(host: str) -> None:
    assert read_autoconfig(config(server("imap", host, "993", "SSL")), EMAIL).imap is None


def test_a_port_that_is_none_becomes_the_usual_one() -> None:
    read = read_autoconfig(config(server("imap", "imap.acme.test", "many", "SSL")), EMAIL)
    assert read.imap == ServerLogin("imap.acme.test", 993, Encryption.TLS, EMAIL)


def tls(*records: SrvRecord) -> NamedServers:
    return NamedServers(Encryption.TLS, records)


def starttls(*records: SrvRecord) -> NamedServers:
    return NamedServers(Encryption.STARTTLS, records)


@pytest.mark.parametrize(
    ("services", "host"),
    [
        ([tls(SrvRecord(10, 1, 993, "b.test"), SrvRecord(5, 1, 993, "a.test")), starttls()], "a.test"),
        ([tls(SrvRecord(5, 1, 993, "light.test"), SrvRecord(5, 9, 993, "heavy.test"))], "heavy.test"),
        ([starttls(SrvRecord(0, 0, 143, "plain.test")), tls(SrvRecord(0, 0, 993, "tls.test"))], "tls.test"),
        ([starttls(SrvRecord(0, 0, 143, "wanted.test")), tls(SrvRecord(9, 0, 993, "spare.test"))], "wanted.test"),
        ([tls(SrvRecord(0, 0, 0, "")), starttls(SrvRecord(0, 0, 143, "only.test"))], "only.test"),
        ([tls(SrvRecord(0, 0, 993, "not a host")), starttls(SrvRecord(1, 0, 143, "good.test"))], "good.test"),
    ],
)
def test_the_best_service_is_chosen(services: list[NamedServers], host: str) -> None:
    found = login_from_services(services, Side.RECEIVE, EMAIL)
    assert found is not None
    assert found.host == host
    assert found.user == EMAIL


def test_a_service_that_is_declined_is_no_server() -> None:
    assert login_from_services([tls(SrvRecord(0, 0, 0, "")), starttls()], Side.SEND, EMAIL) is None


def found(source: Source, imap: str | None, smtp: str | None) -> Candidate:
    made = from_logins(
        source,
        ServerLogin(imap, 993, Encryption.TLS, EMAIL) if imap else None,
        ServerLogin(smtp, 465, Encryption.TLS, EMAIL) if smtp else None,
        EMAIL,
    )
    assert made is not None
    return made


def test_whole_settings_come_first_then_the_better_source() -> None:
    half = found(Source.SRV, "imap.acme.test", None)
    guess = found(Source.GUESS, "mail.acme.test", "mail.acme.test")
    file = found(Source.AUTOCONFIG, "imap.acme.test", "smtp.acme.test")
    google = from_provider(provider("google"), Source.EXCHANGER, EMAIL)
    assert google is not None
    assert ranked([guess, half, file, google]) == (google, file, guess, half)


def test_the_same_servers_are_offered_once() -> None:
    srv = found(Source.SRV, "imap.acme.test", "smtp.acme.test")
    assert ranked([found(Source.GUESS, "imap.acme.test", "smtp.acme.test"), srv]) == (srv,)


def test_servers_of_a_stranger_are_marked() -> None:
    assert found(Source.SRV, "imap.elsewhere.test", "smtp.acme.test").is_foreign
    assert not found(Source.SRV, "imap.acme.test", "acme.test").is_foreign
    assert found(Source.SRV, "imap.notacme.test", None).is_foreign


def test_servers_of_a_known_provider_are_its_own() -> None:
    one = found(Source.SRV, "imap.gmail.com", "smtp.gmail.com")
    assert one.provider.key == "google"
    assert not one.is_foreign


def test_a_provider_without_mailboxes_is_no_answer() -> None:
    assert from_provider(provider("mailgun"), Source.EXCHANGER, EMAIL) is None
    assert from_provider(CUSTOM, Source.EXCHANGER, EMAIL) is None


def test_microsoft_is_signed_in_to_by_oauth() -> None:
    one = from_provider(provider("microsoft"), Source.EXCHANGER, EMAIL)
    assert one is not None
    assert one.sign_in is SignIn.OAUTH
    assert one.imap is not None
    assert one.imap.user == EMAIL
