"""Integration links as they stand on a lead, a contact or an opportunity: with what their variables mean there.

Worked out by the statement that reads the thing, so that every list, event and export has them at once.
"""

from collections.abc import Mapping

_PLAIN = "[A-Za-z0-9._~-]"  # unreserved, RFC 3986 2.3: everything else is percent-encoded


def links_of(kind: str, thing: str, variables: Mapping[str, str]) -> str:
    """SQL for the links of a kind of thing, [] where the organization has none; a statement gives it `organization_id`.

    `thing` is the alias of its table; `variables` is SQL for each name that may stand in double braces. A name that is
    not among them leaves nothing behind.
    """
    url = r"regexp_replace(k.url, '\{\{\s*([\w.]+)\s*\}\}', '{{\1}}', 'g')"
    for name, value in variables.items():
        url = f"replace({url}, '{{{{{name}}}}}', {_encoded(value)})"
    url = rf"regexp_replace({url}, '\{{\{{[^{{}}]*\}}\}}', '', 'g')"
    return (
        # Asked once for the statement: most organizations have none, and then no row pays for it.
        "case when exists (select 1 from integration_links k where k.organization_id = %(organization_id)s"
        f" and k.type = '{kind}') then (select json_agg(json_build_object('name', k.name, 'url', {url})"
        f" order by k.date_created, k.id) from integration_links k where k.organization_id = {thing}.organization_id"
        f" and k.type = '{kind}') else '[]'::json end"
    )


def _encoded(value: str) -> str:
    """SQL for a value as part of an address. A % is written twice in statements with values, which these are."""
    return (
        f"coalesce((select string_agg(case when letter ~ '{_PLAIN}' then letter else regexp_replace(upper(encode("
        rf"convert_to(letter, 'UTF8'), 'hex')), '(..)', '%%\1', 'g') end, '' order by place)"
        f" from regexp_split_to_table({value}, '') with ordinality letters(letter, place)), '')"
    )
