"""The first day of an installation: an organization, its admin, its first statuses, pipeline and Smart Views."""

from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.stamp import Stamp
from postroom.rooms.leads.status_store import FIRST_STATUSES, insert_statuses
from postroom.rooms.opportunities.pipeline_store import first_pipeline
from postroom.rooms.smart_views.saved_search import first_views
from postroom.rooms.smart_views.store import insert_first_views
from postroom.rooms.users.store import insert_first_organization, insert_organization
from postroom.rooms.users.user import ActingUser, NewUser


async def found_first(tx: Transaction, name: str, admin: NewUser, now: datetime) -> ActingUser:
    """Set a fresh installation up. Raises Conflict once there is any user."""
    founder = await insert_first_organization(tx, name, admin, now)
    await insert_statuses(tx, founder.organization_id, FIRST_STATUSES, Stamp(founder.id, now))
    await first_pipeline(tx, founder.organization_id, Stamp(founder.id, now))
    await insert_first_views(tx, founder.organization_id, first_views(FIRST_STATUSES), now)
    return founder


async def found(tx: Transaction, name: str, admin: NewUser, now: datetime) -> ActingUser:
    """One more organization in an installation, by its operator."""
    founder = await insert_organization(tx, name, admin, now)
    await insert_statuses(tx, founder.organization_id, FIRST_STATUSES, Stamp(founder.id, now))
    await first_pipeline(tx, founder.organization_id, Stamp(founder.id, now))
    await insert_first_views(tx, founder.organization_id, first_views(FIRST_STATUSES), now)
    return founder
