"""Queries for judging the ledger anew after a rule has changed: what is to be looked at, and what is left out now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset
from postroom.rooms.mailbox.sightings import Verdict

_ABOVE_ALL = 2**32  # a UID has 32 bits (RFC 9051, 2.3.1.1)


@dataclass(frozen=True, slots=True)
class Rejudgement:
    """A verdict to be judged anew, and how far that has come: folders below `folder_id`, UIDs from `below_uid` on."""

    verdict: Verdict
    folder_id: int
    below_uid: int
    date_created: datetime


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """A copy of a logged message in a folder of an account."""

    folder_id: int
    uid: int
    message_key: str


async def ask(
    tx: Transaction, organization_id: str, account_id: str, verdicts: Collection[Verdict], now: datetime
) -> None:
    """All sightings of these verdicts are to be judged anew."""
    await tx.execute(
        "insert into rejudgements (organization_id, account_id, verdict, date_created)"
        " select %s, %s, unnest(%s::smallint[]), %s on conflict (organization_id, account_id, verdict)"
        " do update set folder_id = 0, below_uid = 0, date_created = excluded.date_created",
        (organization_id, account_id, [verdict.value for verdict in verdicts], now),
    )


async def asked(tx: Transaction, organization_id: str, account_id: str) -> list[Rejudgement]:
    """What is to be judged anew."""
    rows = await (
        await tx.execute(
            "select verdict, folder_id, below_uid, date_created from rejudgements"
            " where organization_id = %s and account_id = %s order by verdict",
            (organization_id, account_id),
        )
    ).fetchall()
    return [Rejudgement(Verdict(row[0]), *row[1:]) for row in rows]


async def note_place(tx: Transaction, place: tuple[str, str], begun: Rejudgement, folder_id: int, uid: int) -> None:
    """So far has it come for (organization, account), unless it was asked for anew meanwhile."""
    await tx.execute(
        "update rejudgements set folder_id = %s, below_uid = %s where organization_id = %s and account_id = %s"
        " and verdict = %s and date_created = %s",
        (folder_id, uid, *place, begun.verdict.value, begun.date_created),
    )


async def done(tx: Transaction, organization_id: str, account_id: str, ended: Rejudgement) -> None:
    """That verdict has been judged anew, unless it was asked for again meanwhile."""
    await tx.execute(
        "delete from rejudgements where organization_id = %s and account_id = %s and verdict = %s"
        " and date_created = %s",
        (organization_id, account_id, ended.verdict.value, ended.date_created),
    )


async def accounts_to_rejudge(tx: Transaction) -> list[tuple[str, str]]:
    """(organization, account) of all that wait; for the sweep, which serves all of them."""
    rows = await (await tx.execute("select distinct organization_id, account_id from rejudgements")).fetchall()
    return [(row[0], row[1]) for row in rows]


async def uids_with(
    tx: Transaction, organization_id: str, folder_id: int, verdict: Verdict, below_uid: int
) -> list[int]:
    """UIDs of a folder that have the verdict, newest first; below a UID where that is not 0."""
    rows = await (
        await tx.execute(
            "select uid from sightings where organization_id = %s and folder_id = %s and verdict = %s"
            " and uid < %s order by uid desc",
            (organization_id, folder_id, verdict.value, below_uid or _ABOVE_ALL),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def kept_copies(
    tx: Transaction, organization_id: str, folder: tuple[str, int], below_uid: int, limit: int
) -> list[KeptCopy]:
    """Copies of logged messages in a folder (`folder` is account, folder), newest first; below a UID if not 0."""
    rows = await (
        await tx.execute(
            "select folder_id, uid, message_key from copies where organization_id = %s and account_id = %s"
            " and folder_id = %s and uid < %s order by uid desc limit %s",
            (organization_id, *folder, below_uid or _ABOVE_ALL, limit),
        )
    ).fetchall()
    return [KeptCopy(*row) for row in rows]


async def kept_before(tx: Transaction, organization_id: str, place: tuple[int, int], moment: datetime) -> list[int]:
    """UIDs of logged messages that say they were written before then; `place`: of this folder, below a UID if not 0."""
    folder_id, below_uid = place
    rows = await (
        await tx.execute(
            "select uid from sightings where organization_id = %s and folder_id = %s and verdict = %s and date < %s"
            " and uid < %s",
            (organization_id, folder_id, Verdict.KEPT.value, moment, below_uid or _ABOVE_ALL),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def leave_out(
    tx: Transaction, organization_id: str, account_id: str, places: Sequence[tuple[int, int, Verdict]]
) -> list[str]:
    """These copies (folder, UID) are kept no longer, for the reason given; the messages concerned."""
    rows = await (
        await tx.execute(
            "with wanted as (select * from json_to_recordset(%(places)s) as w(f bigint, u bigint, v smallint)),"
            " gone as (delete from copies c using wanted w where c.organization_id = %(org)s and c.folder_id = w.f"
            " and c.uid = w.u and c.account_id = %(account)s returning c.folder_id, c.uid, c.message_key, w.v),"
            " judged as (update sightings s set verdict = g.v from gone g where s.organization_id = %(org)s"
            " and s.folder_id = g.folder_id and s.uid = g.uid returning s.folder_id),"
            " counted as (update folders f set seen_kept = f.seen_kept - j.n from (select folder_id, count(*) as n"
            " from judged group by folder_id) j where f.organization_id = %(org)s and f.id = j.folder_id)"
            " select distinct message_key from gone",
            {
                "org": organization_id,
                "account": account_id,
                "places": rowset([{"f": folder, "u": uid, "v": why.value} for folder, uid, why in places]),
            },
        )
    ).fetchall()
    keys = [row[0] for row in rows]
    await tx.execute(
        "delete from placements p where p.organization_id = %(org)s and p.account_id = %(account)s"
        " and p.message_key = any(%(keys)s) and not exists (select 1 from copies c"
        " where c.organization_id = p.organization_id and c.account_id = p.account_id"
        " and c.message_key = p.message_key)",
        {"org": organization_id, "account": account_id, "keys": keys},
    )
    return keys


async def refuse(tx: Transaction, organization_id: str, account_id: str, identities: Collection[int]) -> None:
    """A person said of these unconfirmed messages that they do not concern the lead."""
    await tx.execute(
        "update sightings s set verdict = %s from folders f where f.organization_id = %s and f.account_id = %s"
        " and s.organization_id = f.organization_id and s.folder_id = f.id and s.verdict = %s"
        " and s.identity = any(%s)",
        (Verdict.REFUSED.value, organization_id, account_id, Verdict.UNCONFIRMED.value, list(identities)),
    )
