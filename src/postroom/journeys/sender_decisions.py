"""What was decided about all mail of a sender is taken back.

take_back   T   the decision goes; refused mail is judged anew and proposed again, accepted mail stays on its lead
"""

from postroom.ground.errors import NotFound
from postroom.journeys.steps.ask_rejudgement import ask_rejudgement
from postroom.journeys.steps.decided_sender import Decided
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.access import Asker, demand, may_mark_done
from postroom.rooms.links import decision_store
from postroom.rooms.mailbox.sightings import Verdict


async def take_back(tools: Tools, asker: Asker, account_id: str, decided: Decided) -> None:
    """Raises NotFound, and Forbidden for another's account."""
    org = asker.organization_id
    async with tools.db.transaction() as tx:
        account = await account_store.get(tx, org, account_id)
        demand(may_mark_done(asker, account), "decide about this account's mail")
        if not await decision_store.take_back(tx, (org, account_id), decided):
            raise NotFound("There is no such decision.")
        again = (Verdict.REFUSED, Verdict.NO_CONTACT, Verdict.UNCONFIRMED)
        await ask_rejudgement(tools, tx, [account], again)
