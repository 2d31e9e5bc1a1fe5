"""Start the demo: a sandbox mail server with sample mail, Postroom beside it, and customers who write and answer."""

import asyncio
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from demo.letters import answer, fresh, history
from demo.people import ANNA, BEN, COMPANY, CUSTOMERS, DEALS, PASSWORD, STATUSES, TASKS, TEAM, Customer, Person
from postroom.doors.parts import run_until, run_web_as
from postroom.doors.wiring import open_tools
from postroom.doors.worker.listen import run_listeners
from postroom.doors.worker.run import pair_jobs, run_jobs
from postroom.doors.worker.schedule import run_schedule
from postroom.ground.config import Config, process_environment
from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict
from postroom.ground.log import set_up_logging
from postroom.ground.passwords import hash_password
from postroom.ground.postgres import ensure_database
from postroom.journeys import connect, set_up
from postroom.journeys.backfill import address_added
from postroom.journeys.tools import Tools
from postroom.journeys.write_opportunity import make_opportunity
from postroom.rooms import tasks
from postroom.rooms.accounts.access import Asker
from postroom.rooms.accounts.account import AccountSettings
from postroom.rooms.leads import status_store
from postroom.rooms.leads import store as lead_store
from postroom.rooms.leads.lead import ContactContent, ContactEmail, LeadContent, NewLead, Stamp
from postroom.rooms.opportunities import pipeline_store
from postroom.rooms.opportunities.opportunity import Opportunity, Placing
from postroom.rooms.tasks import Due, TaskContent, TaskStamp
from postroom.rooms.users import store as user_store
from postroom.rooms.users.user import ActingUser, NewUser, Role
from tests.servers.dovecot import DovecotServer, dovecot
from tests.servers.smtp import Accepted, SmtpServer, smtp_server

ANSWERED_AFTER_SECONDS = 12
NEW_MAIL_EVERY_SECONDS = 45
NEW_MAILS = 40
_DELIVERY = threading.Lock()


async def demo(config: Config) -> None:
    """Run until stopped."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="postroom-demo-") as folder, dovecot(Path(folder)) as mail:
        for person in TEAM:
            mail.add_user(person.address, PASSWORD)
        print("Filling the sandbox mailbox …", flush=True)
        await asyncio.to_thread(_fill, mail)
        async with smtp_server() as smtp:
            _receive_with(smtp, mail)
            url = await asyncio.to_thread(ensure_database, config)
            async with open_tools(config, url) as tools:
                pair_jobs(tools)
                await _people_the_office(tools, mail, smtp)
                _say_hello(config, mail)
                parts = (run_web_as(is_sandbox=True), run_jobs, run_listeners, run_schedule)
                life = asyncio.create_task(_customers_write(mail))
                await run_until(tools, parts, stop)
                life.cancel()


def _fill(mail: DovecotServer) -> None:
    for letter in history(datetime.now(UTC)):
        flags = ("\\Seen",) if letter.is_seen else ()
        _deliver(mail, ANNA.address, letter.folder, letter.raw, flags, letter.date)


def _deliver(
    mail: DovecotServer,
    user: str,
    folder: str,
    raw: bytes,
    flags: tuple[str, ...] = (),
    date: datetime | None = None,
) -> None:
    """One at a time: the sandbox's own mail program has one connection for each user."""
    with _DELIVERY:
        mail.deliver(user, folder, raw, flags, date)


def _receive_with(smtp: SmtpServer, mail: DovecotServer) -> None:
    """The sandbox takes every email; a customer answers after a moment, a coworker finds it in the own INBOX."""
    customers = {person.address: person for customer in CUSTOMERS for person in customer.people}
    team = {person.address for person in TEAM}
    smtp.max_bytes = 40_000_000
    for person in TEAM:
        smtp.user(person.address, PASSWORD)
    pending: set[asyncio.Task[None]] = set()

    async def accepted(message: Accepted) -> None:
        for address in message.recipients:
            if address in team:
                await asyncio.to_thread(_deliver, mail, address, "INBOX", message.raw)
            elif address in customers and message.sender == ANNA.address:
                task = asyncio.create_task(_answer(mail, customers[address], message.raw))
                pending.add(task)
                task.add_done_callback(pending.discard)

    smtp.on_accepted = accepted


async def _answer(mail: DovecotServer, customer: Person, raw: bytes) -> None:
    await asyncio.sleep(ANSWERED_AFTER_SECONDS)
    question = message_from_bytes(raw, policy=policy.default)
    assert isinstance(question, EmailMessage)
    reply = answer(question, customer, datetime.now(UTC))
    await asyncio.to_thread(_deliver, mail, ANNA.address, "INBOX", reply)


async def _customers_write(mail: DovecotServer) -> None:
    for number in range(NEW_MAILS):
        await asyncio.sleep(NEW_MAIL_EVERY_SECONDS)
        await asyncio.to_thread(_deliver, mail, ANNA.address, "INBOX", fresh(number, datetime.now(UTC)))


async def _people_the_office(tools: Tools, mail: DovecotServer, smtp: SmtpServer) -> None:
    """The organization, its users and leads; then Anna's mailbox is connected as she would do it."""
    now = tools.clock()
    password = await hash_password(PASSWORD)
    async with tools.db.transaction() as tx:
        anna = await set_up.found_first(tx, COMPANY, _user(ANNA, password, Role.ADMIN), now)
        await user_store.insert_user(tx, anna.organization_id, _user(BEN, password, Role.USER), now)
        stamp = Stamp(anna.id, now)
        statuses = {one.label: one.id for one in await status_store.statuses(tx, anna.organization_id)}
        for customer in CUSTOMERS:
            new = _lead(customer, statuses.get(STATUSES.get(customer.name, ""), ""))
            lead_id, keys = await lead_store.insert_lead(tx, anna.organization_id, new, stamp)
            await address_added(tools, tx, anna.organization_id, keys)
            await _begin_work(tx, anna, (customer, lead_id), now)
    await _connect(tools, anna, mail, smtp)


def _lead(customer: Customer, status_id: str) -> NewLead:
    contacts = tuple(
        ContactContent(name=person.name, title=person.title, emails=(ContactEmail(person.address),))
        for person in customer.people
    )
    about = LeadContent(name=customer.name, description=customer.description, url=customer.url, status_id=status_id)
    return NewLead(about, contacts)


async def _begin_work(tx: Transaction, anna: ActingUser, known: tuple[Customer, str], now: datetime) -> None:
    """What is to be done for a lead (`known` has its id), and what it may buy."""
    customer, lead_id = known
    for text, days in ((text, days) for name, text, days in TASKS if name == customer.name):
        task = lead_id, TaskContent(text, Due(now + timedelta(days=days)))
        await tasks.insert_task(tx, anna.organization_id, task, TaskStamp(anna.id, now))
    stages = {one.label: one.id for one in await pipeline_store.statuses(tx, anna.organization_id)}
    for deal in (deal for deal in DEALS if deal.customer == customer.name):
        content = Opportunity(
            stages[deal.status], anna.id, value=deal.value, value_period=deal.period, confidence=deal.confidence,
            note=deal.note,
        )  # fmt: skip
        await make_opportunity(tx, anna.organization_id, (Placing(lead_id), content), Stamp(anna.id, now))


async def _connect(tools: Tools, anna: ActingUser, mail: DovecotServer, smtp: SmtpServer) -> None:
    asker = Asker(anna.organization_id, anna.id, anna.role.value)
    new = connect.NewAccount(
        email=ANNA.address,
        owner_id=anna.id,
        imap=connect.TypedServer(f"127.0.0.1:{mail.imap_port}", encryption="none", password=PASSWORD),
        smtp=connect.TypedServer(f"127.0.0.1:{smtp.port}", encryption="none", password=PASSWORD),
        settings=AccountSettings(display_name=ANNA.name, is_default=True),
    )
    await connect.add_account(tools, asker, new)


def _user(person: Person, password_hash: str, role: Role) -> NewUser:
    first, _, last = person.name.partition(" ")
    return NewUser(person.address, first, last, password_hash, role)


def _say_hello(config: Config, mail: DovecotServer) -> None:
    print(
        f"""
  Postroom is at  {config.base_url}
  Sign in as      {ANNA.address}
  Password        {PASSWORD}

  Anna's mailbox is a real one. Open it with a mail program of your own, too:
  IMAP 127.0.0.1, port {mail.imap_port}, no encryption, user {ANNA.address}, password {PASSWORD}
  Customers answer what you send within {ANSWERED_AFTER_SECONDS} seconds, and write by themselves now and then.

  Ctrl+C ends the demo and leaves nothing behind but the folder .demo
""",
        flush=True,
    )


def _fresh_config() -> Config:
    """Settings for a demo from the start: its folder emptied, and the next free port if 8080 is taken."""
    config = Config.for_demo(process_environment())
    if config.data_folder.name == ".demo":
        shutil.rmtree(config.data_folder, ignore_errors=True)
    port = config.bind_port
    while port < config.bind_port + 50:
        with socket.socket() as probe:
            if probe.connect_ex((config.bind_host, port)) != 0:
                break
        port += 1
    if port == config.bind_port:
        return config
    return replace(config, bind_port=port, base_url=f"http://{config.bind_host}:{port}")


def main() -> None:
    """Entry point."""
    config = _fresh_config()
    set_up_logging(config)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    try:
        asyncio.run(demo(config))
    except KeyboardInterrupt:
        sys.exit(130)
    except Conflict:
        sys.exit(f"demo: {config.data_folder} holds an installation already; the demo needs an empty folder.")


if __name__ == "__main__":
    os.umask(0o022)
    main()
