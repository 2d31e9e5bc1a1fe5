"""Our test servers as a person types them into the account form, and accounts connected so."""

import itertools
from dataclasses import replace

from postroom.journeys import connect
from postroom.journeys.connect import NewAccount
from postroom.rooms.accounts import store
from postroom.rooms.accounts.access import Asker
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.accounts.typed_server import TypedServer
from tests.journeys.office import Office
from tests.servers.dovecot import PASSWORD, DovecotServer
from tests.servers.smtp import SmtpServer

_numbers = itertools.count(1)


def imap(server: DovecotServer, user: str, **changes: object) -> TypedServer:
    typed = TypedServer(f"127.0.0.1:{server.imap_port}", encryption="none", user=user, password=PASSWORD)
    return replace(typed, **changes)  # type: ignore[arg-type]


def smtp(server: SmtpServer, **changes: object) -> TypedServer:
    typed = TypedServer(f"127.0.0.1:{server.port}", encryption="none", user="relay", password="secret")
    return replace(typed, **changes)  # type: ignore[arg-type]


async def read(office: Office, account_id: str) -> ConnectedAccount:
    async with office.tools.db.transaction() as tx:
        return await store.get(tx, office.organization_id, account_id)


async def jobs_waiting(office: Office, account_id: str) -> set[str]:
    rows = await office.rows(
        "select task_name from procrastinate_jobs where status = 'todo' and args->>'account_id' = %s", account_id
    )
    return {row[0] for row in rows}


async def forget_jobs(office: Office) -> None:
    async with office.tools.db.transaction() as tx:
        await tx.execute("delete from procrastinate_jobs")


async def owner(office: Office) -> Asker:
    return office.asker(await office.user(f"ada{next(_numbers)}@acme.example"))


async def connected(office: Office, server: DovecotServer, relay: SmtpServer) -> tuple[Asker, str]:
    """An owner with an account that works in both directions, no job of it waiting."""
    relay.user("relay")
    asker = await owner(office)
    name = f"box{next(_numbers)}"
    server.add_user(name)
    new = NewAccount(f"{name}@acme.example", asker.user_id, imap(server, name), smtp(relay))
    account_id = await connect.add_account(office.tools, asker, new)
    await forget_jobs(office)
    return asker, account_id
