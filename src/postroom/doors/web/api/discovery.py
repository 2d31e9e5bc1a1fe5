"""/connected_account/discover/: the settings of an address, before anybody types a host. Not in Close."""

import msgspec
from litestar import get

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import asked
from postroom.doors.web.reach import tools_of
from postroom.ground.errors import Invalid
from postroom.journeys.discover import discover
from postroom.rooms.accounts.account import ServerLogin
from postroom.rooms.accounts.candidates import Candidate


class FoundServer(msgspec.Struct):
    """A server to log in to. `username` "" where only the person knows it (`user_hint` says what it is)."""

    host: str
    port: int
    encryption: str
    username: str


class CandidateCard(msgspec.Struct):
    """Settings to offer. `source`: table, mx, srv, autoconfig or guess.

    `is_foreign`: a server is neither of the address's own domain nor of a known provider, so ask before using it.
    """

    source: str
    provider: str
    name: str
    kind: str
    imap: FoundServer | None
    smtp: FoundServer | None
    user_hint: str
    is_foreign: bool
    needs_app_password: bool
    app_password_url: str
    hint: str
    help_url: str


class DiscoveryAnswer(msgspec.Struct):
    """What was found, best first; `silent` are the sources that gave no answer in time."""

    data: list[CandidateCard]
    silent: list[str]


@get("/connected_account/discover", operation_id="discover_settings", operation_class=takes("email"))
async def discover_settings(request: ApiRequest) -> DiscoveryAnswer:
    """Find the mail settings of `email`. Takes up to five seconds; stores nothing."""
    email = asked(request).text("email")
    if not email:
        raise Invalid(field_errors={"email": "Give the address."})
    found = await discover(tools_of(request), email)
    return DiscoveryAnswer([_card(one) for one in found.candidates], [source.value for source in found.silent])


def _card(one: Candidate) -> CandidateCard:
    row = one.provider
    return CandidateCard(
        one.source.value, row.key, one.name, one.sign_in.value, _server(one.imap), _server(one.smtp), one.user_hint,
        one.is_foreign, row.needs_app_password, row.app_code_url, row.hint, row.help_url,
    )  # fmt: skip


def _server(login: ServerLogin | None) -> FoundServer | None:
    return FoundServer(login.host, login.port, login.encryption.value, login.user) if login else None


ROUTES = [discover_settings]
