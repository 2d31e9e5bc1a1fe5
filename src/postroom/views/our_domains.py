"""Which mail domains are ours and why, and where accounts are connected at domains that are not: for admins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.rooms.accounts.own_domains import SaidOfDomains, Why


@dataclass(frozen=True, slots=True)
class DomainRow:
    """A domain, why it is ours or not, the addresses of `users` and `accounts` there, and an admin's word about it."""

    domain: str
    why: Why
    users: tuple[str, ...]
    accounts: tuple[str, ...]
    said_by: str
    said_on: datetime | None

    @property
    def is_ours(self) -> bool:
        """Whether mail among its people is nobody else's business."""
        return self.why in (Why.LISTED, Why.USERS)


_QUERY = (
    "select domain, kind, said, name, date from ("
    " select substring(email_key from '[^@]*$') as domain, 'user' as kind, email as said, '' as name,"
    " null::timestamptz as date from users where organization_id = %(org)s and date_joined is not null"
    " union all select substring(email_key from '[^@]*$'), 'account', email, '', null from connected_accounts"
    " where organization_id = %(org)s and not is_deleted"
    " union all select d.domain, case when d.is_ours then 'listed' else 'refused' end, '',"
    " coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email, ''), d.date_created from own_domains d"
    " left join users u on u.organization_id = d.organization_id and u.id = d.user_id"
    " where d.organization_id = %(org)s) as what order by domain, kind, said"
)


async def our_domains(tx: Transaction, organization_id: str) -> list[DomainRow]:
    """Every domain that a user or an account has an address at or an admin spoke of: ours first, then by name."""
    rows = await (await tx.execute(_QUERY, {"org": organization_id})).fetchall()

    def of(kind: str) -> frozenset[str]:
        return frozenset(row[0] for row in rows if row[1] == kind)

    said = SaidOfDomains(of("user"), of("listed"), of("refused"))
    found = [
        _row(domain, said, [row for row in rows if row[0] == domain]) for domain in dict.fromkeys(r[0] for r in rows)
    ]
    return sorted(found, key=lambda one: (not one.is_ours, one.why is Why.PUBLIC, one.domain))


_Said = tuple[str, str, str, str, datetime | None]


def _row(domain: str, said: SaidOfDomains, rows: Sequence[_Said]) -> DomainRow:
    users = tuple(row[2] for row in rows if row[1] == "user")
    accounts = tuple(row[2] for row in rows if row[1] == "account")
    word = next((row for row in rows if row[1] in ("listed", "refused")), None)
    return DomainRow(domain, said.why(domain), users, accounts, word[3] if word else "", word[4] if word else None)
