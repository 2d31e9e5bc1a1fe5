"""An organization of some dozens of leads made by chance, once in the database and once in memory."""

import random
from datetime import UTC, datetime, timedelta

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.rooms.emails.search_store import index_waiting
from postroom.rooms.leads.activity_store import note_emails
from postroom.rooms.smart_views.moments import Here
from tests.views.plain_search import Row, World
from tests.views.search_office_records import STAGES, add_histories, add_records, store_records

NOW = datetime(2026, 5, 5, 14, 30, tzinfo=UTC)
ORG = "orga_1"
WORDS = (
    "acme",
    "Zoe",
    "offer",
    "Berlin",
    "bad",
    "fit",
    "Ünï",
    "gmbh",
    "100%",
    "a_b",
    "O'Neil",
    "x",
    "[x]",
    "東京都",
    "",
)
RECORDS = (
    "opportunity", "note", "call", "lead_status_change", "status_change", "activity", "lead_status", "status",
    "custom_activity", "contact_url", "inbox_item", "sms", "meeting",
)  # fmt: skip
TEMPLATES = {"tmpl_1": "Hello", "tmpl_2": "Bad Fit", "tmpl_3": ""}
"""The last one is a coworker's own: its name is not known to who asks."""
STATUSES = {"stat_1": "Potential", "stat_2": "Bad Fit", "stat_3": "Customer"}
USERS = {"user_1": ("ann@acme.test", "Ann Admin"), "user_2": ("bob@acme.test", "Bob")}
CUSTOM = ("Source", "Ready since", "Count")


def office(seed: int, zone_hours: float) -> World:
    """The rows, by kind."""
    from datetime import timezone

    chance = random.Random(seed)
    world = World(Here(NOW, timezone(timedelta(hours=zone_hours))), "user_1", STATUSES | STAGES, USERS, TEMPLATES)
    for kind in ("lead", "contact", "contact_email", "contact_phone", "address", "email", "task", *RECORDS):
        world.rows[kind] = []
    for number in range(24):
        _add_lead(world, chance, f"lead_{number:02}")
    for deal in world.rows["opportunity"]:
        if deal["date_won"]:  # a day begins where the asker is
            deal["date_won"] = deal["date_won"].replace(tzinfo=world.here.zone)
    add_histories(world)
    return world


async def store(tx: Transaction, world: World) -> None:
    """The same rows in the database."""
    await tx.execute(
        "insert into organizations (id, name, date_created, date_updated) values (%s, 'A', %s, %s)",
        (ORG, NOW, NOW),
    )
    for user_id, (email, name) in USERS.items():
        first, _, last = name.partition(" ")
        await tx.execute(
            "insert into users (organization_id, id, membership_id, email, email_key, first_name, last_name,"
            " date_created, date_updated) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (ORG, user_id, user_id, email, email, first, last, NOW, NOW),
        )
    for position, (status_id, label) in enumerate(STATUSES.items()):
        await tx.execute(
            "insert into lead_statuses (organization_id, id, label, position) values (%s, %s, %s, %s)",
            (ORG, status_id, label, position),
        )
    for template_id, name in TEMPLATES.items():
        await tx.execute(
            "insert into email_templates (organization_id, id, user_id, name, is_shared, date_created, date_updated)"
            " values (%s, %s, 'user_2', %s, %s, %s, %s)",
            (ORG, template_id, name or "Secret", bool(name), NOW, NOW),
        )
    for row in world.rows["lead"]:
        places = [one for one in world.rows["address"] if one["lead_id"] == row["id"]]
        count = sum(email["lead_id"] == row["id"] for email in world.rows["email"])
        await tx.execute(
            "insert into leads (organization_id, id, name, description, url, status_id, custom, created_by,"
            " last_activity_at, num_emails, date_created, date_updated, addresses)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (ORG, row["id"], row["name"], row["description"], row["url"], row["status"], Jsonb(row["custom"]),
             row["created_by"], row["last_activity"], count, row["created"], row["updated"],
             Jsonb([{name: one[name] for name in PLACES} for one in places])),
        )  # fmt: skip
    await _store_people(tx, world)
    await _store_rest(tx, world)


async def _store_people(tx: Transaction, world: World) -> None:
    for row in world.rows["contact"]:
        await tx.execute(
            "insert into contacts (organization_id, id, lead_id, name, title, custom, date_created, date_updated,"
            " phones, urls) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                ORG,
                row["id"],
                row["lead_id"],
                row["name"],
                row["title"],
                Jsonb({}),
                row["created"],
                NOW,
                Jsonb(
                    [
                        {"phone": one["phone"], "type": one["type"]}
                        for one in world.rows["contact_phone"]
                        if one["contact_id"] == row["id"]
                    ]
                ),
                Jsonb(
                    [
                        {"url": one["url"], "type": one["type"]}
                        for one in world.rows["contact_url"]
                        if one["contact_id"] == row["id"]
                    ]
                ),
            ),
        )
    for row in world.rows["contact_email"]:
        await tx.execute(
            "insert into contact_emails (organization_id, contact_id, lead_id, address_key, address, type)"
            " values (%s, %s, %s, %s, %s, %s)",
            (ORG, row["contact_id"], row["lead_id"], row["email"].lower(), row["email"], row["type"]),
        )


async def _store_rest(tx: Transaction, world: World) -> None:
    for row in world.rows["email"]:
        await tx.execute(
            "insert into emails (organization_id, id, lead_id, contact_id, user_id, status, direction, sender, to_list,"
            " subject, body_text, has_reply, activity_at, date_created, date_updated, template_id, cc_list, bcc_list,"
            " attachments)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (ORG, row["id"], row["lead_id"], row["contact_id"], row["user"], row["status"], row["direction"],
             row["from"], [row["to"]], row["subject"], row["body"], row["has_reply"], row["date"], row["date"], NOW,
             row["template"], [row["cc"]] if row["cc"] else [], [row["bcc"]] if row["bcc"] else [],
             Jsonb([{"filename": name} for name in row["files"]])),
        )  # fmt: skip
        await tx.execute("insert into emails_to_index values (%s, %s)", (ORG, row["id"]))
    for row in world.rows["inbox_item"]:
        await tx.execute(
            "insert into inbox_items (organization_id, id, account_id, user_id, lead_id, contact_id, thread_id,"
            " is_done, due_at, latest_at, date_created, date_updated)"
            " values (%s, %s, 'a', %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (ORG, row["id"], row["assigned_to"], row["lead_id"], row["contact_id"], row["id"], row["is_complete"],
             row["date"], NOW, NOW, NOW),
        )  # fmt: skip
    for row in world.rows["task"]:
        await tx.execute(
            "insert into tasks (organization_id, id, lead_id, contact_id, assigned_to, text, due_at, is_complete,"
            " date_created, date_updated) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (ORG, row["id"], row["lead_id"], row["contact_id"], row["assigned_to"], row["text"], row["date"],
             row["is_complete"], NOW, NOW),
        )  # fmt: skip
    await index_waiting(tx, ORG, 10_000)
    await note_emails(tx, ORG, {row["lead_id"]: (0, row["date"]) for row in world.rows["email"]})
    for row in world.rows["lead"]:  # what is on the lead besides counts as made by chance
        await tx.execute("update leads set last_activity_at = %s where id = %s", (row["last_activity"], row["id"]))
    await store_records(tx, world)


def moment(chance: random.Random) -> datetime:
    """Within some weeks around now; often at an end of a day or hour, where mistakes are."""
    days, edge = chance.randint(-40, 10), chance.choice(["midnight", "hour", "any"])
    at = NOW + timedelta(days=days, hours=chance.randint(-12, 12))
    if edge == "midnight":
        return at.replace(hour=chance.choice([0, 5, 22]), minute=0)
    return at.replace(minute=0) if edge == "hour" else at + timedelta(microseconds=chance.randint(0, 10**9))


def _text(chance: random.Random, most: int = 3) -> str:
    return " ".join(word for word in (chance.choice(WORDS) for _ in range(chance.randint(0, most))) if word)


def _add_lead(world: World, chance: random.Random, lead_id: str) -> None:
    custom = {
        "Source": chance.choice(["Web", "bad fit", ["Web", "Fair"], "", None, "5"]),
        "Ready since": chance.choice(["2026-05-01", "2026-04-20", "soon", None]),
        "Count": chance.choice([3, 5, 2.5, "5", None, [1, 7]]),
    }
    lead: Row = {
        "id": lead_id, "name": _text(chance), "description": _text(chance), "url": chance.choice(["", "x.test"]),
        "status": chance.choice([*STATUSES]), "created": moment(chance), "updated": moment(chance),
        "custom": {name: value for name, value in custom.items() if value is not None or chance.random() < 0.3},
        "created_by": chance.choice(["user_1", "user_2", None]), "last_activity": None,
    }  # fmt: skip
    world.rows["lead"].append(lead)
    for number in range(chance.choice([0, 1, 1, 2, 3])):
        _add_contact(world, chance, (lead_id, f"cont_{lead_id[5:]}{number}"))
    world.rows["address"] += [_place(chance, lead_id) for _ in range(chance.choice([0, 0, 1, 2]))]
    people = [row for row in world.rows["contact"] if row["lead_id"] == lead_id]
    for number in range(chance.choice([0, 0, 1, 2, 4])):
        email = _email(chance, lead_id, f"acti_{lead_id[5:]}{number}")
        email["contact_id"] = chance.choice(people)["id"] if people else None
        world.rows["email"].append(email)
        lead["last_activity"] = max(lead["last_activity"] or email["date"], email["date"])
    for number in range(chance.choice([0, 0, 1, 2])):
        task = {
            "id": f"task_{lead_id[5:]}{number}", "lead_id": lead_id, "date": moment(chance), "text": _text(chance),
            "contact_id": None, "assigned_to": chance.choice([*USERS]), "is_complete": chance.random() < 0.5,
        }  # fmt: skip
        world.rows["task"].append(task)
    for number in range(chance.choice([0, 0, 1, 2])):
        item = {"id": f"item_{lead_id[5:]}{number}", "lead_id": lead_id, "date": moment(chance),
                "contact_id": chance.choice(people)["id"] if people else None,
                "assigned_to": chance.choice(["user_1", "user_2", None]),
                "is_complete": chance.random() < 0.5}  # fmt: skip
        world.rows["inbox_item"].append(item)
    add_records(world, chance, (lead_id, [*people]))


def _add_contact(world: World, chance: random.Random, ids: tuple[str, str]) -> None:
    lead_id, contact_id = ids
    world.rows["contact"].append(
        {"id": contact_id, "lead_id": lead_id, "name": _text(chance, 2), "title": chance.choice(["", "CEO", "bad ceo"]),
         "created": moment(chance), "custom": {}}
    )  # fmt: skip
    for number in range(chance.choice([0, 1, 1, 2])):
        name = chance.choice(["zoe", "jo.x", "Acme"])
        world.rows["contact_email"].append(
            {"id": f"{contact_id} {number}", "lead_id": lead_id, "contact_id": contact_id,
             "email": f"{name}{contact_id[5:]}{number}@{chance.choice(['acme', 'other'])}.test",
             "type": chance.choice(["office", "home"])}
        )  # fmt: skip
    for _ in range(chance.choice([0, 0, 1, 2])):
        phone = chance.choice([*TYPED_PHONES, "+12125550100", "+13105550100"])
        world.rows["contact_phone"].append(
            {"lead_id": lead_id, "contact_id": contact_id, "phone": phone, "type": chance.choice(["office", "Home"])}
        )

    for _ in range(chance.choice([0, 0, 1, 2])):
        url = chance.choice(["https://acme.test/bad", "x", "zoe.test"])
        kind = chance.choice(["url", "Home"])
        world.rows["contact_url"].append({"lead_id": lead_id, "contact_id": contact_id, "url": url, "type": kind})


TYPED_PHONES = ("+49 30 100", "+49301234567", "100", "+1-555", 'ext. 3 "x"', "+493012345")
PLACES = ("label", "address_1", "city", "state", "zipcode", "country")


def _place(chance: random.Random, lead_id: str) -> Row:
    place = {
        "label": chance.choice(["business", "home"]), "address_1": chance.choice(["", "Bad Street 1"]),
        "city": chance.choice(["Berlin", "bad fit", "東京都", "", 'O"Neil', "100%"]),
        "state": chance.choice(["", "BE", "ny", "California"]),
        "zipcode": chance.choice(["", "100", "10115"]), "country": chance.choice(["DE", "US", "x", ""]),
    }  # fmt: skip
    said = " ".join(filter(None, (place[name] for name in PLACES[1:])))
    return {**place, "location": said, "lead_id": lead_id}


def _email(chance: random.Random, lead_id: str, email_id: str) -> Row:
    plain = ("acme", "offer", "bad", "fit", "berlin")
    subject = " ".join(chance.choice(plain) for _ in range(chance.randint(0, 3)))
    body = " ".join(chance.choice(plain) for _ in range(chance.randint(0, 4)))
    sender, to = "Zoe <zoe1@acme.test>", chance.choice(["ann@acme.test", "Bob <bob@acme.test>"])
    cc, bcc = chance.choice(["", "", "Max <max@acme.test>"]), chance.choice(["", "", "", "zoe@other.test"])
    files = chance.choice([[], [], ["offer.pdf"], ["bad fit.doc", "x"]])
    status, template = chance.choice(["sent", "inbox", "draft"]), chance.choice([None, None, *TEMPLATES])
    return {
        "id": email_id, "lead_id": lead_id, "subject": subject, "body": body, "from": sender, "to": to,
        "status": status, "direction": "incoming" if status == "inbox" else "outgoing", "date": moment(chance),
        "user": chance.choice(["user_1", "user_2", None]), "has_reply": chance.random() < 0.5,
        "texts": [subject, sender, ", ".join(filter(None, (to, cc, bcc))), ", ".join(files), body],
        "cc": cc, "bcc": bcc, "files": files, "attachments": len(files), "has_attachments": bool(files),
        "template": template,
        "sent_template": template if status == "sent" else None,
    }  # fmt: skip
