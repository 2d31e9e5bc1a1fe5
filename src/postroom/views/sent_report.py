"""How the emails that were sent have fared, by template."""

from datetime import datetime

import msgspec

from postroom.ground.database import Transaction
from postroom.views.activity_report import MOST_MILLISECONDS
from postroom.views.selection import Where, rows_of
from postroom.views.time_limit import limit_time


class TemplateStats(msgspec.Struct, frozen=True):
    """The sent emails of one template; of all where `template` is null."""

    template: str | None
    name: str | None
    is_shared: bool | None
    total: int
    responded: int
    opened: int


_COUNTS = "count(*), count(*) filter (where s.has_reply), count(*) filter (where s.is_opened)"


async def sent_stats(
    tx: Transaction, organization_id: str, period: tuple[datetime | None, datetime | None], user_id: str | None
) -> list[TemplateStats]:
    """All sent emails first, then those of each template, the most used first."""
    where = Where.of("e.organization_id", organization_id)
    where.equal("e.user_id", user_id)
    for operator, moment in ((">=", period[0]), ("<", period[1])):
        if moment is not None:
            where.holds(f"e.activity_at {operator} {{}}", moment)
    await limit_time(tx, MOST_MILLISECONDS)
    cursor = rows_of(tx, TemplateStats)
    await cursor.execute(
        "with sent as (select e.organization_id, e.template_id, e.has_reply, exists (select 1 from email_opens o"
        " where o.organization_id = e.organization_id and o.email_id = e.id) as is_opened from seen_emails e"
        f" where e.direction = 'outgoing' and e.status = 'sent' and {where})"
        f" select null, 'All Emails', null, {_COUNTS} from sent s"
        f" union all (select s.template_id, t.name, t.is_shared, {_COUNTS} from sent s"
        " join email_templates t on t.organization_id = s.organization_id and t.id = s.template_id"
        " group by 1, 2, 3 order by 4 desc, 2)",
        where.values,
    )
    return await cursor.fetchall()
