"""An admin says which mail domains are the company's own; the ledgers follow at once."""

from postroom.ground.errors import NotFound
from postroom.journeys.steps.judge_own_change import judge_own_change
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import domain_store, identity_store
from postroom.rooms.accounts.access import demand
from postroom.rooms.accounts.domain_store import DomainWord
from postroom.rooms.accounts.own_domains import read_domain
from postroom.rooms.users import access_log_store
from postroom.rooms.users.access_log import Act, Doer, Entry
from postroom.rooms.users.user import ActingUser

_WHAT = "say which domains are the company's own"


async def say_domain(tools: Tools, admin: ActingUser, doer: Doer, word: tuple[str, bool]) -> None:
    """`word`: the domain, and whether it is ours. Raises Invalid for what is no domain, or a public one, Forbidden."""
    demand(admin.is_admin, _WHAT)
    domain, is_ours = read_domain(word[0]), word[1]
    org, now = admin.organization_id, tools.clock()
    async with tools.db.transaction() as tx:
        before = await identity_store.own_addresses(tx, org)
        await domain_store.say(tx, org, DomainWord(domain, is_ours, admin.id), now)
        entry = Entry(Act.DOMAIN_OURS if is_ours else Act.DOMAIN_NOT_OURS, None, {"domain": domain})
        await access_log_store.note(tx, org, doer, entry, now)
        await judge_own_change(tools, tx, org, before)


async def unsay_domain(tools: Tools, admin: ActingUser, doer: Doer, domain: str) -> None:
    """Users' addresses decide about it again. Raises NotFound where nobody said anything, Forbidden."""
    demand(admin.is_admin, _WHAT)
    org, now = admin.organization_id, tools.clock()
    async with tools.db.transaction() as tx:
        before = await identity_store.own_addresses(tx, org)
        if not await domain_store.unsay(tx, org, domain, now):
            raise NotFound(f"No admin has said anything about {domain}.")
        await access_log_store.note(tx, org, doer, Entry(Act.DOMAIN_UNSAID, None, {"domain": domain}), now)
        await judge_own_change(tools, tx, org, before)
