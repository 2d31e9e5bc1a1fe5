"""Emails by the words in them, newest first. New emails are found some seconds after they are on their leads."""

from postroom.ground.database import Transaction
from postroom.views.email_list import EMAIL_JOINS, SUMMARY_COLUMNS, EmailFilter, EmailSummary, email_conditions
from postroom.views.selection import Page, cut, rows_of


async def emails_with_words(
    tx: Transaction, organization_id: str, search: tuple[str, EmailFilter], page: Page
) -> tuple[list[EmailSummary], bool]:
    """Emails in which all the words stand (`search` is the words and a filter), and whether there are more.

    The words as people type them: "a phrase", -without. The last word may be only begun.
    """
    words, wanted = search
    where = email_conditions(organization_id, wanted)
    matches, values = words_condition(words)
    cursor = rows_of(tx, EmailSummary)
    await cursor.execute(
        f"select {SUMMARY_COLUMNS} from email_search s"
        f" join emails e on e.organization_id = s.organization_id and e.id = s.email_id {EMAIL_JOINS}"
        f" where {where} and s.organization_id = %(organization_id)s and {matches}"
        " order by e.activity_at desc, e.id limit %(limit)s offset %(skip)s",
        {**where.values, **values, "base_url": wanted.base_url, "limit": page.limit + 1, "skip": page.skip},
    )
    return cut(await cursor.fetchall(), page)


def words_condition(words: str) -> tuple[str, dict[str, str]]:
    """The condition on `email_search s` that all these words stand in an email, and its values."""
    begun = words.rsplit(maxsplit=1)[-1] if words and not words[-1].isspace() and words[-1].isalnum() else ""
    values = {"words": words, "others": words[: len(words) - len(begun)], "begun": begun}
    return (_MATCHES if begun else _MATCHES_WHOLE), values


_MATCHES_WHOLE = "s.words @@ websearch_to_tsquery('simple', %(words)s)"
# An open quote or a leading minus makes the last word part of something larger; then the whole reading alone counts.
_MATCHES = (
    "(s.words @@ websearch_to_tsquery('simple', %(words)s)"
    " or (%(begun)s ~ '^\\w+$' and %(others)s !~ '\"' and s.words @@"
    " (websearch_to_tsquery('simple', %(others)s) && to_tsquery('simple', quote_literal(%(begun)s) || ':*'))))"
)
