"""Every query of link proposals and of what people decided about them. What a proposal shows comes in sealed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset


@dataclass(frozen=True, slots=True)
class NewProposal:
    """A row of `link_proposals`. `shown` is sealed."""

    id: str
    folder_id: int
    uid: int
    identity: int
    lead_id: str
    contact_id: str | None
    reason: int
    sender_hash: int
    shown: bytes = field(repr=False)
    date: datetime | None


@dataclass(frozen=True, slots=True)
class StoredProposal:
    """A proposal as it is kept."""

    id: str
    account_id: str
    identity: int
    lead_id: str
    contact_id: str | None
    reason: int
    sender_hash: int
    shown: bytes = field(repr=False)
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said about a message or a sender (`kind`), for one lead. `reason` is what it was proposed for."""

    kind: str
    key: int
    lead_id: str
    contact_id: str | None
    is_accepted: bool
    reason: int


_COLUMNS = "id, account_id, identity, lead_id, contact_id, reason, sender_hash, shown, date"


async def has_decisions(tx: Transaction, organization_id: str, account_id: str) -> bool:
    """Whether anything was ever decided for the account."""
    row = await (
        await tx.execute(
            "select exists (select 1 from link_decisions where organization_id = %s and account_id = %s)",
            (organization_id, account_id),
        )
    ).fetchone()
    return bool(row and row[0])


async def decisions_about(
    tx: Transaction, organization_id: str, account_id: str, keys: Collection[int]
) -> list[Decision]:
    """What was decided about these messages and senders; hashes of both never meet."""
    rows = await (
        await tx.execute(
            "select kind, key, lead_id, contact_id, is_accepted, reason from link_decisions"
            " where organization_id = %s and account_id = %s and kind in ('message', 'sender') and key = any(%s)",
            (organization_id, account_id, list(keys)),
        )
    ).fetchall()
    return [Decision(*row) for row in rows]


async def decide(
    tx: Transaction, place: tuple[str, str], decisions: Sequence[Decision], user_id: str, now: datetime
) -> None:
    """Remember decisions for (organization, account); the last word counts."""
    rows = [
        {"k": one.kind, "key": one.key, "l": one.lead_id, "c": one.contact_id, "a": one.is_accepted, "r": one.reason}
        for one in decisions
    ]
    await tx.execute(
        "insert into link_decisions (organization_id, account_id, kind, key, lead_id, contact_id, is_accepted, reason,"
        " user_id, date_created) select distinct on (k, key, l) %s, %s, k, key, l, c, a, r, %s, %s::timestamptz"
        " from json_to_recordset(%s) as d(k text, key bigint, l text, c text, a boolean, r smallint)"
        " on conflict (organization_id, account_id, kind, key, lead_id) do update set"
        " is_accepted = excluded.is_accepted, contact_id = excluded.contact_id, user_id = excluded.user_id,"
        " date_created = excluded.date_created",
        (*place, user_id, now, rowset(rows)),
    )


async def add_proposals(
    tx: Transaction, organization_id: str, account_id: str, proposals: Sequence[NewProposal], now: datetime
) -> int:
    """Add them; what is proposed already, in another folder say, stays as it is. How many are new."""
    added = 0
    for one in proposals:
        made = await tx.execute(
            "insert into link_proposals (organization_id, account_id, id, folder_id, uid, identity, lead_id,"
            " contact_id, reason, sender_hash, shown, date, date_created)"
            " select %s, %s, %s, %s, %s, %s, l.id, %s, %s, %s, %s, %s, %s from leads l"
            " where l.organization_id = %s and l.id = %s on conflict do nothing",
            (
                organization_id, account_id, one.id, one.folder_id, one.uid, one.identity, one.contact_id, one.reason,
                one.sender_hash, one.shown, one.date, now, organization_id, one.lead_id,
            ),
        )  # fmt: skip
        added += made.rowcount
    return added


async def drop_proposals(tx: Transaction, organization_id: str, account_id: str, identities: Collection[int]) -> None:
    """These messages have been judged anew, or decided."""
    await tx.execute(
        "delete from link_proposals where organization_id = %s and account_id = %s and identity = any(%s)",
        (organization_id, account_id, list(identities)),
    )


async def drop_all_but(
    tx: Transaction, place: tuple[str, str], identities: Collection[int], kept: Sequence[tuple[int, str]]
) -> None:
    """Of these messages of (organization, account) all proposals but those (message, lead) that are made again."""
    await tx.execute(
        "delete from link_proposals where organization_id = %s and account_id = %s and identity = any(%s)"
        " and (identity, lead_id) not in (select i, l from json_to_recordset(%s) as x(i bigint, l text))",
        (*place, list(identities), rowset([{"i": identity, "l": lead} for identity, lead in kept])),
    )


async def proposals_by_id(tx: Transaction, organization_id: str, ids: Sequence[str]) -> list[StoredProposal]:
    """Those of these that still stand."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from link_proposals where organization_id = %s and id = any(%s) order by id for update",
            (organization_id, list(ids)),
        )
    ).fetchall()
    return [StoredProposal(*row) for row in rows]


async def proposals_of_senders(
    tx: Transaction, organization_id: str, account_id: str, senders: Sequence[tuple[int, str]]
) -> list[StoredProposal]:
    """Everything proposed for these (sender, lead)."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from link_proposals where organization_id = %s and account_id = %s"
            " and (sender_hash, lead_id) in (select s, l from json_to_recordset(%s) as x(s bigint, l text))"
            " order by id for update",
            (organization_id, account_id, rowset([{"s": sender, "l": lead} for sender, lead in senders])),
        )
    ).fetchall()
    return [StoredProposal(*row) for row in rows]


async def proposals_of(tx: Transaction, organization_id: str, account_id: str) -> list[StoredProposal]:
    """All that wait for an account, "" for all accounts."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from link_proposals where organization_id = %(org)s"
            " and (%(account)s = '' or account_id = %(account)s) order by id limit 20000",
            {"org": organization_id, "account": account_id},
        )
    ).fetchall()
    return [StoredProposal(*row) for row in rows]


async def all_sealed(tx: Transaction) -> list[tuple[str, str, bytes]]:
    """Of the whole installation, for sealing anew with another key: organization, id, sealed."""
    rows = await tx.execute("select organization_id, id, shown from link_proposals order by organization_id, id")
    return [(row[0], row[1], bytes(row[2])) for row in await rows.fetchall()]


async def exchange_sealed(tx: Transaction, organization_id: str, proposal_id: str, sealed: bytes) -> None:
    """The same, sealed anew."""
    await tx.execute(
        "update link_proposals set shown = %s where organization_id = %s and id = %s",
        (sealed, organization_id, proposal_id),
    )
