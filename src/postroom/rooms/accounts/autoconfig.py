"""Mail settings as Thunderbird's autoconfig file gives them (draft-bucksch-autoconfig, `clientConfig` 1.1).

The file is a stranger's: no document type and so no entities are taken, and only servers that encrypt are. What it
offers first among those is used, as the file is written in the order of preference.
"""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from postroom.ground.errors import Invalid
from postroom.rooms.accounts.account import ServerLogin, Side
from postroom.rooms.accounts.typed_server import TypedServer, read_login

_ENCRYPTION = {"ssl": "tls", "starttls": "starttls"}
"""`plain` is left out: no password goes in the clear, whatever a file says."""

_PASSWORD_WAYS = {"password-cleartext", "plain", "password-encrypted", "secure"}
_OAUTH = "oauth2"
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Autoconfig:
    """What the file says. `only_oauth`: no server takes passwords."""

    name: str
    imap: ServerLogin | None
    smtp: ServerLogin | None
    only_oauth: bool


@dataclass(frozen=True, slots=True)
class _Offer:
    login: ServerLogin
    takes_passwords: bool


def read_autoconfig(xml: bytes, email: str) -> Autoconfig:
    """The settings for an address. Raises Invalid for what is no such file."""
    provider = _tree(xml).find("emailProvider")
    if provider is None:
        raise Invalid("The file holds no mail settings.")
    imap = _first(provider, ("incomingServer", "imap"), Side.RECEIVE, email)
    smtp = _first(provider, ("outgoingServer", "smtp"), Side.SEND, email)
    offers = [one for one in (imap, smtp) if one is not None]
    return Autoconfig(
        (provider.findtext("displayName") or "").strip()[:100],
        imap.login if imap else None,
        smtp.login if smtp else None,
        bool(offers) and not any(one.takes_passwords for one in offers),
    )


def _tree(xml: bytes) -> Element:
    if len(xml) > _LARGEST:
        raise Invalid("The file is too large for mail settings.")
    builder, parser = TreeBuilder(), expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise Invalid(f"The file is not well-formed XML: {error}.") from error


def _refuse_doctype(*_: object) -> None:
    """Entities are declared in a document type: without one there are none to blow up or to read files with."""
    raise Invalid("The file declares a document type, which mail settings have no use for.")


def _first(provider: Element, kind: tuple[str, str], side: Side, email: str) -> _Offer | None:
    tag, protocol = kind
    for server in provider.findall(tag):
        offer = _offer(server, side, email) if server.get("type", "").lower() == protocol else None
        if offer is not None:
            return offer
    return None


def _offer(server: Element, side: Side, email: str) -> _Offer | None:
    """A server that encrypts and that we can sign in to, else None."""
    encryption = _ENCRYPTION.get(_text(server, "socketType").lower())
    ways = {(one.text or "").strip().lower() for one in server.findall("authentication")}
    if encryption is None or not ways & (_PASSWORD_WAYS | {_OAUTH}):
        return None
    port = _text(server, "port")
    user = _filled(_text(server, "username"), email)
    typed = TypedServer(
        _filled(_text(server, "hostname"), email),
        int(port) if port.isascii() and port.isdecimal() and len(port) < 6 else None,
        encryption,
        user,
    )
    try:
        return _Offer(read_login(typed, side, email), bool(ways & _PASSWORD_WAYS))
    except Invalid:
        return None


def _text(server: Element, tag: str) -> str:
    return (server.findtext(tag) or "").strip()[:300]


def _filled(text: str, email: str) -> str:
    """With the address put in for its placeholders."""
    local, _, domain = email.rpartition("@")
    for mark, value in (("%EMAILADDRESS%", email), ("%EMAILLOCALPART%", local), ("%EMAILDOMAIN%", domain)):
        text = text.replace(mark, value)
    return text
