"""The original of an email: the bytes as they came or went, or plainly a reconstruction; for who may read it alone."""

from email import message_from_bytes, policy

import httpx2

from postroom.journeys import send
from postroom.journeys.steps.read_body import TOO_LARGE
from postroom.rooms.accounts.account import CoworkersSee
from postroom.rooms.emails.email import EmailContent, EmailStatus, NewEmail
from tests.journeys.privacy_room import BOB, SECRET, WORD, Room


async def only_email(room: Room) -> str:
    [(email_id,)] = await room.desk.office.rows("select id from emails")
    return str(email_id)


async def original(who: httpx2.AsyncClient, email_id: str) -> dict[str, object]:
    answer = await who.get(f"/api/v1/activity/email/{email_id}/original/")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_what_came_is_shown_as_the_mailbox_has_it(room: Room) -> None:
    email_id = await only_email(room)
    card = await original(room.anna, email_id)
    fields = {field["name"]: field["value"] for field in card["headers"]}  # type: ignore[attr-defined]
    assert (card["source"], card["is_cut"], card["lost_files"]) == ("mailbox", False, [])
    assert fields["Subject"] == SECRET and BOB in fields["From"]
    assert f"Subject: {SECRET}" in str(card["text"]) and WORD in str(card["text"])
    file = await room.anna.get(f"/api/v1/activity/email/{email_id}/eml/")
    assert len(file.content) == card["size"]
    assert f'filename="{SECRET}.eml"' in file.headers["content-disposition"]
    assert file.headers["content-type"] == "application/octet-stream", "a browser is never to show it as a page"
    assert message_from_bytes(file.content, policy=policy.default)["Subject"] == SECRET


async def test_who_sees_no_word_of_it_sees_no_original(room: Room) -> None:
    email_id = await only_email(room)
    for what, status in ((CoworkersSee.METADATA, 403), (CoworkersSee.NOTHING, 404)):
        await room.choose(what)
        for end in ("original", "eml"):
            answer = await room.ben.get(f"/api/v1/activity/email/{email_id}/{end}/")
            assert (answer.status_code, WORD in answer.text) == (status, False)
    assert (await original(room.anna, email_id))["source"] == "mailbox"


async def test_a_coworkers_look_at_the_original_is_known(room: Room) -> None:
    await original(room.ben, await only_email(room))
    readers = (await room.anna.get(f"/api/v1/activity/emailthread/{await room.thread_id()}/readers/")).json()
    assert [reader["user_name"] for reader in readers["data"]] == ["Ben Test"]


async def test_what_was_only_logged_is_rebuilt_and_says_so(room: Room) -> None:
    office = room.desk.office
    words = EmailContent(
        sender="Bob <bob@bolt.example>", to=("anna@acme.example", "half an addr"), subject="Älter", body_text="Grüße\n"
    )
    new = NewEmail(room.lead, EmailStatus.INBOX, words)
    email_id = await send.create_email(office.tools, office.asker(room.desk.user), new)
    card = await original(room.anna, email_id)
    assert card["source"] == "rebuilt" and "X-Postroom-Rebuilt" in str(card["text"])
    raw = (await room.anna.get(f"/api/v1/activity/email/{email_id}/eml/")).content
    read = message_from_bytes(raw, policy=policy.default)
    assert (read["Subject"], read["To"], read.get_content().strip()) == ("Älter", "anna@acme.example", "Grüße")


async def test_lost_bytes_are_rebuilt_without_the_files_that_went_with_them(room: Room) -> None:
    office = room.desk.office
    email_id = await only_email(room)
    [(reference,)] = await office.rows("select raw_ref from messages")
    await office.tools.blobs.erase(reference)
    async with office.tools.db.transaction() as tx:
        await tx.execute("""update emails set attachments = '[{"filename": "offer.pdf", "part": "2"}]'""")
    card = await original(room.anna, email_id)
    assert (card["source"], card["lost_files"]) == ("rebuilt", ["offer.pdf"])
    assert WORD in str(card["text"])


async def test_an_id_that_no_program_takes_does_not_stop_the_rebuilding(room: Room) -> None:
    office = room.desk.office
    async with office.tools.db.transaction() as tx:
        await tx.execute("update emails set message_ids = array['<no at sign>'], sender = '', message_key = null")
    card = await original(room.anna, await only_email(room))
    assert card["source"] == "rebuilt" and "From: unknown@sender.invalid" in str(card["text"])


async def test_of_a_message_too_large_the_header_alone_is_here(room: Room) -> None:
    office = room.desk.office
    reference = await office.tools.blobs.write(b"From: bob@bolt.example\r\nSubject: Huge\r\n\r\n")
    async with office.tools.db.transaction() as tx:
        await tx.execute("update messages set raw_ref = %s", (reference,))
        await tx.execute("update emails set body_text = %s", (TOO_LARGE,))
    card = await original(room.anna, await only_email(room))
    assert (card["source"], card["text"]) == ("header", "From: bob@bolt.example\nSubject: Huge\n\n")


async def test_a_long_message_is_cut_on_the_page_and_whole_in_the_file(room: Room) -> None:
    office = room.desk.office
    raw = b"Subject: Long\r\n\r\n" + "ä".encode() * 200_000
    reference = await office.tools.blobs.write(raw)
    async with office.tools.db.transaction() as tx:
        await tx.execute("update messages set raw_ref = %s", (reference,))
    email_id = await only_email(room)
    card = await original(room.anna, email_id)
    assert (card["is_cut"], card["size"]) == (True, len(raw))
    assert "Ã" not in str(card["text"]), "a cut inside a character does not turn the rest into another alphabet"
    assert (await room.anna.get(f"/api/v1/activity/email/{email_id}/eml/")).content == raw
