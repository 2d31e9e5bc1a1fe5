"""The operator's commands: migrate, users, accounts, the audit and the question why. Each prints plain lines."""

import argparse
from collections.abc import Awaitable, Callable

from postroom.doors.user_commands import add_user_commands, run_user_command
from postroom.doors.wiring import open_tools
from postroom.ground.config import Config
from postroom.ground.database import migrate
from postroom.ground.errors import Invalid, PostroomError
from postroom.ground.postgres import ensure_database
from postroom.ground.vault import add_key
from postroom.journeys import jobs
from postroom.journeys.audit import audit_account
from postroom.journeys.reseal import reseal_secrets
from postroom.journeys.steps.mail_rules import ledger_hashes
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.mailbox.audit import HARMLESS, FolderAudit
from postroom.rooms.users.organization_store import organizations
from postroom.views.why_here import why_here

Command = Callable[[Tools, argparse.Namespace], Awaitable[int]]

_UIDS_SHOWN = 20


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands of this file."""
    commands.add_parser("migrate", help="bring the database schema up to date")
    commands.add_parser("rotate-key", help="make a new sealing key and seal all credentials with it")
    add_user_commands(commands)
    account = commands.add_parser("account", help="list accounts, or pull one now").add_subparsers(
        dest="act", required=True
    )
    account.add_parser("list", help="every account and how it stands")
    account.add_parser("pull", help="pull an account as soon as a worker is free").add_argument("email")
    audit = commands.add_parser("audit", help="compare every folder with its mail server, message by message")
    audit.add_argument("email", nargs="?", help="one account; all if left out")
    why = commands.add_parser("why", help="why is this email here, or not?")
    why.add_argument("question", help="a Message-ID, an address or a subject")


async def run(config: Config, options: argparse.Namespace) -> int:
    """Run one command; its exit status."""
    url = ensure_database(config)
    if options.command == "migrate":
        await migrate(url)
        print("The schema is up to date.")
        return 0
    if options.command == "rotate-key":
        if config.sealing_keys is not None:
            raise Invalid("The keys come from POSTROOM_KEY: put a new one in front there, then run this without it.")
        add_key(config.key_file)
    async with open_tools(config, url) as tools:
        return await _COMMANDS[options.command](tools, options)


async def _rotate_key(tools: Tools, options: argparse.Namespace) -> int:
    print(f"{await reseal_secrets(tools)} credentials sealed with the new key. Old keys may go when backups have aged.")
    return 0


async def _account(tools: Tools, options: argparse.Namespace) -> int:
    for account in await _accounts(tools, getattr(options, "email", None)):
        if options.act == "pull":
            async with tools.db.transaction() as tx:
                payload = {"organization_id": account.organization_id, "account_id": account.id}
                await tools.jobs.defer(tx, jobs.PULL_NEW, payload)
            print(f"{account.email}: will be pulled.")
        else:
            receiving = account.receiving.error or account.receiving.status.value
            sending = account.sending.error or account.sending.status.value
            print(f"{account.id}  {account.email}  syncing: {receiving}  sending: {sending}")
    return 0


async def _audit(tools: Tools, options: argparse.Namespace) -> int:
    good = True
    for account in await _accounts(tools, options.email):
        if not account.syncs:
            continue
        try:
            audits = await audit_account(tools, account.organization_id, account.id)
        except PostroomError as error:
            print(f"{account.email}: not audited: {error}")
            good = False
            continue
        for folder in audits:
            good &= folder.adds_up
            print(f"{account.email}  {_line(folder)}")
    print("Everything adds up." if good else "It does not add up: see above.")
    return 0 if good else 1


def _line(folder: FolderAudit) -> str:
    left_out = folder.seen - folder.kept - folder.failed
    line = (
        f"{folder.folder}: {folder.on_server} on the server; {folder.seen} seen"
        f" = {folder.kept} kept + {left_out} left out + {folder.failed} failed"
    )
    for reason, uids in folder.differences.items():
        shown = ", ".join(map(str, uids[:_UIDS_SHOWN])) + (" …" if len(uids) > _UIDS_SHOWN else "")
        mark = "" if reason in HARMLESS else "!! "
        line += f"\n    {mark}{reason.value}: {len(uids)} (UID {shown})"
    return line + (f"\n    {folder.note}" if folder.note else "")


async def _why(tools: Tools, options: argparse.Namespace) -> int:
    async with tools.db.transaction() as tx:
        known = await organizations(tx)
    for organization_id, name in known:
        async with tools.db.transaction() as tx:
            report = await why_here(tx, organization_id, ledger_hashes(tools, organization_id), options.question)
        print(f"{name} (read as {report.kind.value.replace('_', '-')})")
        for seen in report.data:
            print(f"  {seen.account_email} {seen.folder} UID {seen.uid}: {seen.verdict_text} {seen.error}".rstrip())
            for lead in seen.leads:
                print(f"    on {lead.lead_name or lead.lead_id}: {lead.reason_text}")
        for unseen in report.not_seen_in:
            print(f"  {unseen.account_email}: {unseen.hint}")
    return 0


async def _accounts(tools: Tools, email: str | None) -> list[ConnectedAccount]:
    found = []
    async with tools.db.transaction() as tx:
        for organization_id, _ in await organizations(tx):
            for account in await account_store.list_all(tx, organization_id):
                if email in (None, account.email):
                    found.append(account)
    if email is not None and not found:
        raise Invalid(f"There is no connected account {email}.")
    return found


_COMMANDS: dict[str, Command] = {
    "rotate-key": _rotate_key,
    "user": run_user_command,
    "account": _account,
    "audit": _audit,
    "why": _why,
}
