"""COMPRESS=DEFLATE against Dovecot with its zlib plugin."""

from collections.abc import Iterator

import pytest

from postroom.wire.imap.compress import compress_if_worth
from postroom.wire.imap.connection import Connection
from postroom.wire.imap.fetch import raw_messages, summaries
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.session import open_session
from postroom.wire.imap.types import Access, Encryption, ImapSettings, Password
from tests.servers.dovecot import DovecotOptions, DovecotServer, dovecot, installed
from tests.wire.imap.conftest import mail
from tests.wire.imap.scripted import inbox


@pytest.fixture(scope="module")
def squeezing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DovecotServer]:
    if not installed():
        pytest.skip("Dovecot is not installed (make setup installs it)")
    options = DovecotOptions(settings="protocol imap {\n  mail_plugins = imap_zlib\n}")
    with dovecot(tmp_path_factory.mktemp("zlib"), options) as server:
        server.add_user("anna")
        for number in range(250):
            server.deliver("anna", "INBOX", mail(number, size=3000))
        yield server


def settings(server: DovecotServer, encryption: Encryption) -> ImapSettings:
    port = server.imaps_port if encryption is Encryption.TLS else server.imap_port
    return ImapSettings("localhost", port, encryption, "anna", Password("secret"), trusted_ca=server.ca_file)


@pytest.mark.parametrize("encryption", [Encryption.NONE, Encryption.TLS])
async def test_a_compressed_connection_says_the_same(
    squeezing: DovecotServer, encryption: Encryption, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "is_near", False)  # as if it were far away
    async with await open_session(settings(squeezing, encryption)) as session:
        await session.select(inbox(), Access.READ_ONLY)
        uids = await all_uids(session)
        heads = [head async for batch in summaries(session, uids) for head in batch.summaries]
        assert session.connection.is_compressed
        assert len(heads) == 250
        raws = {one.uid: one.raw async for one in raw_messages(session, uids, 1 << 20, 1 << 20)}
        assert raws == {uid: mail(number, size=3000) for number, uid in enumerate(uids)}


async def test_it_is_not_worth_it_for_a_few_messages_or_to_this_machine(squeezing: DovecotServer) -> None:
    async with await open_session(settings(squeezing, Encryption.NONE)) as session:
        assert session.offers("COMPRESS=DEFLATE")
        await compress_if_worth(session, 10_000)
        assert not session.connection.is_compressed
