"""Deals, notes, calls and changes of status of the organization made by chance."""

import random
from datetime import UTC, datetime, timedelta

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from tests.views.plain_search import Row, World

NOW = datetime(2026, 5, 5, 14, 30, tzinfo=UTC)
ORG = "orga_1"
STAGES = {"stag_1": "Active", "stag_2": "Won", "stag_3": "Bad Fit"}
TYPES = {"stag_1": "active", "stag_2": "won", "stag_3": "lost"}
WORDS = ("acme", "offer", "Berlin", "bad", "fit", "100%", "東京都", "")
KINDS = {
    "note": "note", "call": "call", "lead_status_change": "lead_status_change",
    "status_change": "opportunity_status_change", "custom_activity": "custom",
}  # fmt: skip


def add_records(world: World, chance: random.Random, of: tuple[str, list[Row]]) -> None:
    """Some of each kind on a lead (`of` is its id and people)."""
    lead_id = of[0]
    statuses = [one for one in world.statuses if one not in STAGES]
    for number in range(chance.choice([0, 1, 1, 2, 3])):
        world.rows["opportunity"].append(_deal(chance, f"oppo_{lead_id[5:]}{number}", of))
    deals = [row for row in world.rows["opportunity"] if row["lead_id"] == lead_id]
    for kind in KINDS:
        for number in range(chance.choice([0, 0, 1, 2])):
            row = _record(chance, f"acti_{kind[:2]}{lead_id[5:]}{number}", of)
            among = [*STAGES] if kind == "status_change" else statuses
            if kind.endswith("change"):
                row |= {"text": "", "title": "", "old_status": chance.choice(among), "new_status": chance.choice(among)}
            if kind == "custom_activity":
                outcome = chance.choice([{}, {"cf_out": "Web"}, {"cf_out": ["5", "bad fit"]}])
                row |= {"text": "", "title": "", "custom": outcome, "status": "published"}
            if kind == "status_change":
                if not deals:
                    continue
                row["opportunity_id"] = chance.choice(deals)["id"]
            world.rows[kind].append(row)


def add_histories(world: World) -> None:
    """What follows from the rows: activities of every kind, and the statuses that leads and deals had."""
    for email in world.rows["email"]:
        world.rows["activity"].append({**email, "type": "email"})
    for kind, stored in KINDS.items():
        for row in world.rows[kind]:
            direction = {"inbound": "incoming", "outbound": "outgoing"}[row["direction"]]
            told = {"subject": row["title"], "body": row["text"], "from": "", "to": "", "status": row.get("status", "")}
            world.rows["activity"].append({**row, **told, "type": stored, "direction": direction})
    for subject, change, key in (
        ("lead", "lead_status_change", "lead_id"), ("opportunity", "status_change", "opportunity_id"),
    ):  # fmt: skip
        for row in world.rows[subject]:
            changes = sorted(
                (one for one in world.rows[change] if one[key] == row["id"]), key=lambda one: (one["date"], one["id"])
            )
            had = [(changes[0]["old_status"] if changes else row["status"], row["created"])]
            had += [(one["new_status"], one["date"]) for one in changes]
            row["original_lead_status" if subject == "lead" else "original_status"] = had[0][0]
            ends = [since for _, since in had[1:]] + [None]
            for (status, since), until in zip(had, ends, strict=True):
                if until is None or until > since:
                    lead_id = row["id"] if subject == "lead" else row["lead_id"]
                    world.rows["lead_status" if subject == "lead" else "status"].append(
                        {"id": "", "lead_id": lead_id, "contact_id": row.get("contact_id"), "status": status,
                         "opportunity_id": row["id"], "since": since, "until": until}
                    )  # fmt: skip


async def store_records(tx: Transaction, world: World) -> None:
    """The same rows in the database, and one custom field of leads and of deals."""
    await tx.execute("insert into pipelines values (%s, 'pipe_1', 'Sales', 0, null, null, %s, %s)", (ORG, NOW, NOW))
    for position, (stage, label) in enumerate(STAGES.items()):
        await tx.execute(
            "insert into opportunity_statuses (organization_id, id, pipeline_id, label, type, position)"
            " values (%s, %s, 'pipe_1', %s, %s, %s)",
            (ORG, stage, label, TYPES[stage], position),
        )
    for field_id, kind, name, type_ in world.fields:
        await tx.execute(
            "insert into custom_fields (organization_id, id, kind, name, type, date_created, date_updated)"
            " values (%s, %s, %s, %s, %s, %s, %s)",
            (ORG, field_id, kind, name, type_, NOW, NOW),
        )
    for row in world.rows["opportunity"]:
        await tx.execute(
            "insert into opportunities (organization_id, id, lead_id, contact_id, user_id, status_id, value,"
            " confidence, note, date_won, custom, date_created, date_updated)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (ORG, row["id"], row["lead_id"], row["contact_id"], row["user"], row["status"], row["value"],
             row["confidence"], row["note"], row["date_won"] and row["date_won"].date(), Jsonb(row["custom"]),
             row["created"], NOW),
        )  # fmt: skip
    for kind, stored in KINDS.items():
        for row in world.rows[kind]:
            await tx.execute(
                "insert into activities (organization_id, id, kind, lead_id, contact_id, user_id, object_id, text,"
                " title, direction, duration, old_status_id, new_status_id, activity_at, date_created, date_updated,"
                " custom, status)"
                " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (ORG, row["id"], stored, row["lead_id"], row["contact_id"], row["user"], row.get("opportunity_id"),
                 row["text"], row["title"], row["direction"], row["duration"], row.get("old_status"),
                 row.get("new_status"), row["date"], NOW, NOW, Jsonb(row.get("custom", {})), row.get("status", "")),
            )  # fmt: skip


def _text(chance: random.Random) -> str:
    return " ".join(word for word in (chance.choice(WORDS) for _ in range(chance.randint(0, 3))) if word)


def _when(chance: random.Random) -> datetime:
    return NOW + timedelta(days=chance.randint(-40, 10), hours=chance.randint(-12, 12))


def _deal(chance: random.Random, deal_id: str, of: tuple[str, list[Row]]) -> Row:
    won = chance.choice([None, _when(chance).replace(hour=0, minute=0)])
    return {
        "id": deal_id, "lead_id": of[0], "contact_id": chance.choice([None, *(row["id"] for row in of[1])]),
        "status": chance.choice([*STAGES]), "user": chance.choice(["user_1", "user_2", None]), "date_won": won,
        "value": chance.choice([None, 0, 1, 3, 5, 100]), "confidence": chance.choice([0, 2, 5, 100]),
        "note": _text(chance), "created": _when(chance), "custom": chance.choice([{}, {"cf_tint": "Web"}]),
    }  # fmt: skip


def _record(chance: random.Random, record_id: str, of: tuple[str, list[Row]]) -> Row:
    return {
        "id": record_id, "lead_id": of[0], "contact_id": chance.choice([None, *(row["id"] for row in of[1])]),
        "user": chance.choice(["user_1", "user_2", None]), "text": _text(chance), "title": _text(chance),
        "direction": chance.choice(["inbound", "outbound"]), "duration": chance.choice([0, 1, 2, 5]),
        "date": _when(chance),
    }  # fmt: skip
