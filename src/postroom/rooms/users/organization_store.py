"""Queries across all organizations of the installation, for its operator alone."""

from postroom.ground.database import Transaction


async def organizations(tx: Transaction) -> list[tuple[str, str]]:
    """(id, name) of every organization, oldest first."""
    rows = await (await tx.execute("select id, name from organizations order by date_created, id")).fetchall()
    return [(row[0], row[1]) for row in rows]
