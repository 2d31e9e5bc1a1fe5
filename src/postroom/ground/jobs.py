"""Jobs: hints that work is waiting, in the same database and the same transaction as the rows they point to.

A job never carries truth. It says "drain what is due for this account"; the rows say what. So a job that is lost,
late or doubled does no harm, and nothing is ever scheduled into the future here: in Procrastinate a future job holds
its lock and would block its account. Which jobs exist stands in `journeys/jobs.py`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, LiteralString

import procrastinate
import psycopg
from procrastinate import exceptions, jobs
from procrastinate.tasks import Task

from postroom.ground import database
from postroom.ground.database import Transaction

_log = logging.getLogger(__name__)

AWAY_SECONDS = 1.0
"""Between two looks whether the database is back."""
STALLED_AFTER_SECONDS = 30.0
"""A worker that has given no sign for so long is dead, and its jobs are taken up again."""

Work = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job. `priority`: higher goes first. `lock_by`: jobs with an equal lock run one after the other."""

    name: str
    priority: int
    lock_by: Callable[[dict[str, Any]], str]


class _PatientConnector(procrastinate.PsycopgConnector):
    """Waits for a database that is away before it says that a job is finished or that the worker lives.

    The library gives up at once; then the job counts as under way for as long as the worker lives, and its lock keeps
    the account from any other job.
    """

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Statements without an answer; each can be said twice."""
        while True:
            try:
                await super().execute_query_async(query, **arguments)
                return
            except exceptions.ConnectorException as error:
                if not isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError):
                    raise
                await asyncio.sleep(AWAY_SECONDS)


class Jobs:
    """The queue. One for each process; `add` pairs every job with its work before `run_worker`."""

    def __init__(self, url: str) -> None:
        connector = _PatientConnector(conninfo=url, min_size=1, max_size=6, timeout=database.CONNECT_SECONDS)
        self._app = procrastinate.App(connector=connector)
        self._tasks: dict[str, Task[Any, Any, Any]] = {}

    async def open(self) -> None:
        """Connect."""
        await self._app.open_async()

    async def close(self) -> None:
        """Disconnect."""
        await self._app.close_async()

    def add(self, job: Job, work: Work) -> None:
        """Say who does this job."""
        self._tasks[job.name] = self._app.task(name=job.name, queue="postroom")(work)

    async def defer(self, tx: Transaction, job: Job, payload: dict[str, Any]) -> None:
        """Queue a job when the transaction commits. One that waits already for the same thing is enough."""
        lock = job.lock_by(payload)
        deferrer = self._app.configure_task(
            job.name,
            allow_unknown=True,
            queue="postroom",
            lock=lock,
            queueing_lock=f"{job.name}:{sorted(payload.items())}",
            priority=job.priority,
            connection=tx,
        )
        try:
            # A savepoint: a refused duplicate would otherwise spoil the caller's transaction.
            async with tx.transaction():
                await deferrer.defer_async(**payload)
        except exceptions.AlreadyEnqueued:
            pass

    async def is_pressed(self, tx: Transaction, job: Job) -> bool:
        """Whether work waits, anybody's, that goes before this job."""
        row = await (
            await tx.execute(
                "select exists (select 1 from procrastinate_jobs where status = 'todo' and priority > %s)",
                (job.priority,),
            )
        ).fetchone()
        return bool(row and row[0])

    async def run_worker(self, *, concurrency: int, name: str) -> None:
        """Work until cancelled; then finish what is under way, for at most 20 seconds.

        A database that is away ends the library's worker: a new one begins as soon as it is back.
        """
        while True:
            try:
                await self._work(concurrency, name)
            except exceptions.ConnectorException as error:
                _log.warning("the worker lost the database and begins anew: %s", error.__cause__ or error)
            await asyncio.sleep(AWAY_SECONDS)

    async def _work(self, concurrency: int, name: str) -> None:
        await self._app.run_worker_async(
            queues=["postroom"],
            name=name,
            concurrency=concurrency,
            fetch_job_polling_interval=1.0,
            abort_job_polling_interval=5.0,
            shutdown_graceful_timeout=20.0,
            install_signal_handlers=False,
            listen_notify=True,
            delete_jobs=jobs.DeleteJobCondition.SUCCESSFUL,
            update_heartbeat_interval=5.0,
            stalled_worker_timeout=STALLED_AFTER_SECONDS,
        )

    async def retake_stalled(self) -> int:
        """Release what dead workers held, so that their locks fall; the sweep defers anew what is still due."""
        released = 0
        stalled = await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
        for job in stalled:
            await self._app.job_manager.finish_job(job, status=jobs.Status.FAILED, delete_job=True)
            released += 1
        await self._app.job_manager.prune_stalled_workers(STALLED_AFTER_SECONDS)
        await self._app.job_manager.delete_old_jobs(nb_hours=24 * 7, include_failed=True)
        return released
