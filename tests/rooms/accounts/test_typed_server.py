"""What people type into host fields."""

import pytest

from postroom.ground.errors import Invalid
from postroom.rooms.accounts.account import Encryption, ServerLogin, Side
from postroom.rooms.accounts.typed_server import TypedServer, read_address, read_login

ADA = "Ada@acme.example"
TLS, STARTTLS, NONE = Encryption.TLS, Encryption.STARTTLS, Encryption.NONE
READ = [
    (TypedServer("mail.acme.example"), Side.RECEIVE, ("mail.acme.example", 993, TLS)),
    (TypedServer("mail.acme.example"), Side.SEND, ("mail.acme.example", 587, STARTTLS)),
    (TypedServer("mail.acme.example:465"), Side.SEND, ("mail.acme.example", 465, TLS)),
    (TypedServer(" Mail.ACME.example.:143 "), Side.RECEIVE, ("mail.acme.example", 143, STARTTLS)),
    (TypedServer("mail.acme.example:465", port=587), Side.SEND, ("mail.acme.example", 465, TLS)),
    (TypedServer("mail.acme.example", encryption="tls"), Side.SEND, ("mail.acme.example", 465, TLS)),
    (TypedServer("mail.acme.example", encryption="SSL"), Side.SEND, ("mail.acme.example", 465, TLS)),
    (TypedServer("mail.acme.example:2525"), Side.SEND, ("mail.acme.example", 2525, STARTTLS)),
    (TypedServer("mail.acme.example:9930"), Side.RECEIVE, ("mail.acme.example", 9930, TLS)),
    (TypedServer("[2001:db8::1]:993"), Side.RECEIVE, ("2001:db8::1", 993, TLS)),
    (TypedServer("2001:db8::1"), Side.RECEIVE, ("2001:db8::1", 993, TLS)),
    (TypedServer("bücher.example"), Side.RECEIVE, ("xn--bcher-kva.example", 993, TLS)),
    (TypedServer("127.0.0.1:1143", encryption="none"), Side.RECEIVE, ("127.0.0.1", 1143, NONE)),
    (TypedServer("localhost", encryption="none"), Side.SEND, ("localhost", 25, NONE)),
    (TypedServer("[::1]:1143", encryption="none"), Side.RECEIVE, ("::1", 1143, NONE)),
]


@pytest.mark.parametrize(("typed", "side", "expected"), READ)
def test_host_port_notation_is_read(typed: TypedServer, side: Side, expected: tuple[str, int, Encryption]) -> None:
    assert read_login(typed, side, ADA) == ServerLogin(*expected, ADA)


@pytest.mark.parametrize(("typed", "user"), [(None, ADA), ("", ADA), ("  ", ADA), (" ada ", "ada")])
def test_the_user_name_is_the_address_unless_given(typed: str | None, user: str) -> None:
    assert read_login(TypedServer("mail.acme.example", user=typed), Side.RECEIVE, ADA).user == user


@pytest.mark.parametrize(
    "typed",
    [
        TypedServer(""), TypedServer("   "), TypedServer("https://mail.acme.example"),
        TypedServer("mail.acme.example/x"),
        TypedServer("mail.acme.example:abc"), TypedServer("mail.acme.example:"), TypedServer("mail.acme.example:0"),
        TypedServer("mail.acme.example:99999"), TypedServer("mail..example"), TypedServer("-mail.example"),
        TypedServer("ada@acme.example"), TypedServer("[mail.acme.example]:993"), TypedServer("a b.example"),
        TypedServer("mail.acme.example", encryption="rot13"), TypedServer("mail\r\nx.example"),
        TypedServer("mail.acme.example", port=70000), TypedServer("mail.acme.example", user="a\x00b"),
        TypedServer("x" * 300 + ".example"), TypedServer("1.2.3.4:5:6"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("side", list(Side))
def test_what_cannot_be_a_server_is_refused_under_its_field(typed: TypedServer, side: Side) -> None:
    with pytest.raises(Invalid) as refusal:
        read_login(typed, side, ADA)
    assert list(refusal.value.field_errors) == ["imap" if side is Side.RECEIVE else "smtp"]


@pytest.mark.parametrize("host", ["mail.acme.example", "10.0.0.1", "192.168.1.5", "localhost.acme.example"])
def test_without_encryption_only_this_machine_is_possible(host: str) -> None:
    with pytest.raises(Invalid, match="TLS or STARTTLS"):
        read_login(TypedServer(host, encryption="none"), Side.RECEIVE, ADA)


@pytest.mark.parametrize("email", ["", "ada", "@acme.example", "ada@", "Ada <ada@acme.example>", "a@b@c", "a\nb@c.de"])
def test_only_an_address_alone_is_an_account(email: str) -> None:
    with pytest.raises(Invalid):
        read_address(email)


def test_capitals_of_an_address_are_kept() -> None:
    assert read_address(" Ada@Acme.example ") == "Ada@Acme.example"


def test_a_password_is_never_printed() -> None:
    assert "hunter2" not in repr(TypedServer("mail.acme.example", password="hunter2"))
