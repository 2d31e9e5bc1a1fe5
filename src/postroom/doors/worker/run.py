"""Pairs each job with its journey and works the queue. What fails is logged whole; the worker lives on."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable

from postroom.ground.database import is_passing
from postroom.ground.errors import Conflict, NeedsUser, NotFound, Permanent, PostroomError, Temporary
from postroom.ground.jobs import Job, Work
from postroom.journeys import jobs
from postroom.journeys.arrive import pull_history, pull_new
from postroom.journeys.backfill import backfill
from postroom.journeys.bulk_send import send_bulk
from postroom.journeys.bulk_walk import walk_query
from postroom.journeys.call_webhooks import call_webhook
from postroom.journeys.import_leads import import_leads
from postroom.journeys.index_emails import index_emails
from postroom.journeys.mail_links import mail_links
from postroom.journeys.make_export import make_export, put_off_export
from postroom.journeys.rejudge import rejudge
from postroom.journeys.run_bulk_action import put_off_bulk_action, run_bulk_action
from postroom.journeys.send import deliver_due, file_sent_copies, settle_unknown
from postroom.journeys.settle import settle_placements
from postroom.journeys.steps.another_try import is_for_later, said_of
from postroom.journeys.tell_broken import tell_broken
from postroom.journeys.tools import Tools
from postroom.journeys.undo_import import undo_import

_log = logging.getLogger(__name__)

AccountWork = Callable[[Tools, str, str], Awaitable[None]]
PutOff = Callable[[Tools, str, str, str], Awaitable[None]]

ACCOUNT_JOBS: tuple[tuple[Job, AccountWork], ...] = (
    (jobs.PULL_NEW, pull_new),
    (jobs.PULL_HISTORY, pull_history),
    (jobs.BACKFILL, backfill),
    (jobs.REJUDGE, rejudge),
    (jobs.TELL_BROKEN, tell_broken),
    (jobs.SETTLE_PLACEMENT, settle_placements),
    (jobs.DELIVER_DUE, deliver_due),
    (jobs.FILE_SENT_COPIES, file_sent_copies),
    (jobs.SETTLE_UNKNOWN, settle_unknown),
    (jobs.MAIL_LINKS, mail_links),
)


def pair_jobs(tools: Tools) -> None:
    """Say who does each job."""
    for job, journey in ACCOUNT_JOBS:
        tools.jobs.add(job, for_account(tools, job, journey))
    bulk_turns = asyncio.Semaphore(max(1, tools.config.worker_concurrency // 2))
    tools.jobs.add(jobs.SEND_BULK, _one_of(bulk_turns, for_account(tools, jobs.SEND_BULK, send_bulk)))
    tools.jobs.add(jobs.INDEX_EMAILS, _for_organization(tools))
    tools.jobs.add(jobs.CALL_WEBHOOK, _for_webhook(tools))
    tools.jobs.add(jobs.WALK_BULK, _for_batch(tools))
    tools.jobs.add(jobs.MAKE_EXPORT, in_tries(tools, make_export, put_off_export))
    tools.jobs.add(jobs.RUN_BULK_ACTION, in_tries(tools, run_bulk_action, put_off_bulk_action))
    tools.jobs.add(jobs.IMPORT_LEADS, in_tries(tools, _import, _row_waits))


async def run_jobs(tools: Tools) -> None:
    """Work until cancelled."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    await tools.jobs.run_worker(concurrency=tools.config.worker_concurrency, name=name)


def for_account(tools: Tools, job: Job, journey: AccountWork) -> Work:
    """A job of one account. What keeps it from being done is logged once, not at every round of the sweep that asks
    again: an account may wait for its password for weeks."""
    said: dict[str, str] = {}

    async def work(organization_id: str, account_id: str) -> None:
        where = {"job": job.name, "organization_id": organization_id, "account_id": account_id}
        try:
            await journey(tools, organization_id, account_id)
            said.pop(account_id, None)
        except (Temporary, NeedsUser, Permanent) as error:
            # Written on the account or the row already; the sweep asks again when that is due.
            if said.get(account_id) != str(error):
                _log.warning("%s", error, extra=where)
            said[account_id] = str(error)
        except (NotFound, Conflict) as error:
            _log.info("no longer wanted: %s", error, extra=where)
        except PostroomError:
            _log.exception("job refused", extra=where)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            _note(error, "job failed by a mistake of ours; the sweep tries it again", where)
            raise

    return work


def _note(error: Exception, otherwise: str, where: dict[str, str]) -> None:
    """A database that is away, or that gave one of two transactions up, is no mistake of ours."""
    if is_passing(error):
        _log.warning("the database broke a job off, which is tried again: %s", type(error).__name__, extra=where)
    else:
        _log.exception(otherwise, extra=where)


def _one_of(turns: asyncio.Semaphore, work: Work) -> Work:
    """Only so many at once, so that bulk email never takes every worker. Who finds no place is asked for again by the
    clock, those first that have waited longest."""

    async def one(organization_id: str, account_id: str) -> None:
        if not turns.locked():
            async with turns:
                await work(organization_id, account_id)

    return one


def _for_organization(tools: Tools) -> Work:
    async def work(organization_id: str) -> None:
        try:
            await index_emails(tools, organization_id)
        except Exception as error:
            _note(error, "indexing failed", {"organization_id": organization_id})
            raise

    return work


def _for_webhook(tools: Tools) -> Work:
    async def work(organization_id: str, webhook_id: str) -> None:
        where = {"organization_id": organization_id, "webhook_id": webhook_id}
        try:
            await call_webhook(tools, organization_id, webhook_id)
        except NotFound:
            _log.info("the webhook is no longer there", extra=where)
        except Exception as error:
            _note(error, "a webhook was not called", where)
            raise

    return work


def _for_batch(tools: Tools) -> Work:
    async def work(organization_id: str, bulk_id: str) -> None:
        where = {"organization_id": organization_id, "bulk_id": bulk_id}
        try:
            await walk_query(tools, organization_id, bulk_id)
        except PostroomError as error:
            _log.warning("%s", error, extra=where)
        except Exception as error:
            _note(error, "walking a bulk email's query failed; the sweep tries it again", where)
            raise

    return work


def in_tries(tools: Tools, journey: AccountWork, put_off: PutOff) -> Work:
    """What the disk or the database stops goes on later, and that is no try of those few that there are.

    Each such job names its thing by another word: an export_id, an action_id.
    """

    async def work(organization_id: str, **named: str) -> None:
        (thing_id,) = named.values()
        where = {"organization_id": organization_id, "thing_id": thing_id}
        try:
            await journey(tools, organization_id, thing_id)
        except Exception as error:
            if not is_for_later(error):
                _log.exception("%s broke off; the sweep tries it again", journey.__name__, extra=where)
                raise
            _log.warning("%s is put off: %s", journey.__name__, said_of(error), extra=where)
            await put_off(tools, organization_id, thing_id, said_of(error))

    return work


async def _row_waits(tools: Tools, organization_id: str, thing_id: str, why: str) -> None:
    """Nothing to write: the row still says that there is work."""


async def _import(tools: Tools, organization_id: str, import_id: str) -> None:
    """Whichever of the two is asked for."""
    try:
        await import_leads(tools, organization_id, import_id)
        await undo_import(tools, organization_id, import_id)
    except NotFound:
        _log.info("the import is no longer there", extra={"organization_id": organization_id, "import_id": import_id})
