"""The envelope of an email that has no header of its own: one that was logged, or waits to be sent.

Close prints an envelope with everything but drafts, and some of its clients insist on it. Mail that came or went
through a mail server has its header's; of the others it is what their fields say. `is_autoreply` beside them is what
was read off the header when the email arrived (`wire/mime/bounces.py`): a machine answered, as in somebody's absence.
"""

AUTO_REPLY = 1
"""Of the column `kind` of emails."""


def _people(column: str) -> str:
    """SQL for what stands in a list of addresses, as name and address."""
    return (
        "(select coalesce(json_agg(json_build_object('email',"
        " coalesce(substring(p.typed from '<([^<>]*)>[[:space:]]*$'), trim(p.typed)), 'name',"
        " trim(both ' \"' from coalesce(substring(p.typed from '^(.*)<[^<>]*>[[:space:]]*$'), '')))"
        f" order by p.place), '[]'::json) from unnest({column}) with ordinality p(typed, place) where p.typed <> '')"
    )


ENVELOPE = (
    "case when e.envelope is not null or e.status = 'draft' then e.envelope"
    f" || jsonb_build_object('is_autoreply', e.kind = {AUTO_REPLY}) else jsonb_build_object("
    f"'from', {_people('array[e.sender]')}, 'sender', {_people('array[e.sender]')}, 'to', {_people('e.to_list')},"
    f" 'cc', {_people('e.cc_list')}, 'bcc', {_people('e.bcc_list')}, 'reply_to', '[]'::json,"
    " 'date', to_char(coalesce(e.date_sent, e.activity_at) at time zone 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS \"+0000\"'),"
    " 'in_reply_to', null, 'message_id', coalesce(e.message_ids[1], ''), 'subject', coalesce(e.subject, ''),"
    " 'is_autoreply', false) end"
)
"""SQL over `emails e`."""
