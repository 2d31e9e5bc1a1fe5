"""Words anywhere: in a lead's own texts, in its contacts and their addresses, and in its emails.

Texts of leads and contacts are searched by trigram index, emails by the words that `rooms/emails` has indexed, some
seconds after they came. Wildcards at the beginning of a word are looked for outside of emails only.
"""

from postroom.rooms.smart_views.tree import Mode, Words
from postroom.views.search_tests import Values, text_sql
from postroom.views.search_things import CONTACT_TEXT, LEAD_TEXT, THINGS
from postroom.views.search_words import parts


def words_sql(node: Words, kind: str, alias: str, values: Values) -> str:
    """SQL that is true of rows where the words are found; each word on its own where the mode says so."""
    found = [_part_sql((node.mode, part), kind, alias, values) for part in parts(node.mode, node.text) if part]
    return f"({' and '.join(found)})" if found else "true"


def email_words(mode: Mode, part: str, values: Values) -> str | None:
    """The tsquery for one part; None where an index of words cannot tell."""
    bare = part.strip("*") if mode is Mode.PATTERN else part
    if mode is Mode.PATTERN and (part.startswith("*") or "*" in bare or not bare):
        return None
    if mode is Mode.BEGINNING_OF_WORDS or (mode is Mode.PATTERN and part.endswith("*")):
        escaped = bare.replace("\\", "\\\\").replace("'", "''")
        begun = f"'{escaped}':*"
        return f"to_tsquery('simple', {values.add(begun)})"
    return f"phraseto_tsquery('simple', {values.add(bare)})"


def _part_sql(wanted: tuple[Mode, str], kind: str, alias: str, values: Values) -> str:
    if kind == "lead":
        return f"{alias}.id in ({_lead_ids(wanted, values)})"
    if kind == "contact":
        return f"{alias}.id in ({_contact_ids(wanted, values)})"
    if kind in ("email", "activity"):
        query = email_words(*wanted, values)
        if query is None:
            return "false"
        return (
            "exists (select 1 from email_search w where w.organization_id = %(organization_id)s"
            f" and w.email_id = {alias}.id and w.words @@ {query})"
        )
    texts = [text_sql(*wanted, text.replace("{a}", alias), values) for text in THINGS[kind].texts]
    return f"({' or '.join(texts)})" if texts else "false"


def _lead_ids(wanted: tuple[Mode, str], values: Values) -> str:
    branches = [
        f"select w.id from leads w where w.organization_id = %(organization_id)s and {_in(LEAD_TEXT, wanted, values)}",
        "select w.lead_id from contacts w where w.organization_id = %(organization_id)s"
        f" and {_in(CONTACT_TEXT, wanted, values)}",
        "select w.lead_id from contact_emails w where w.organization_id = %(organization_id)s"
        f" and {_in('{a}.address', wanted, values)}",
    ]
    query = email_words(*wanted, values)
    if query:
        branches.append(
            "select e.lead_id from email_search w join emails e on e.organization_id = w.organization_id"
            f" and e.id = w.email_id where w.organization_id = %(organization_id)s and w.words @@ {query}"
        )
    return " union all ".join(branches)


def _contact_ids(wanted: tuple[Mode, str], values: Values) -> str:
    return (
        "select w.id from contacts w where w.organization_id = %(organization_id)s"
        f" and {_in(CONTACT_TEXT, wanted, values)}"
        " union all select w.contact_id from contact_emails w where w.organization_id = %(organization_id)s"
        f" and {_in('{a}.address', wanted, values)}"
    )


def _in(sql: str, wanted: tuple[Mode, str], values: Values) -> str:
    return text_sql(*wanted, f"({sql.replace('{a}', 'w')})", values)
