"""An address is one user's, in the whole installation: it is how one signs in."""

import asyncio
from datetime import UTC, datetime

from postroom.ground.database import Database
from postroom.ground.errors import Invalid
from postroom.rooms.users import store
from postroom.rooms.users.user import ActingUser, NewUser, Role

NOW = datetime(2026, 11, 20, tzinfo=UTC)


async def test_two_organizations_cannot_take_one_address_at_the_same_moment(database_url: str) -> None:
    db = await Database.open(database_url)

    async def found(name: str) -> str:
        async with db.transaction() as tx:
            admin = NewUser(f"{name}@acme.example", "Ada", "Min", "", Role.ADMIN)
            return (await store.insert_organization(tx, name, admin, NOW)).organization_id

    async def invite(organization_id: str) -> ActingUser | Invalid:
        try:
            async with db.transaction() as tx:
                who = NewUser("anna@acme.example", "Anna", "Test", "", Role.USER)
                made = await store.insert_user(tx, organization_id, who, NOW)
                await asyncio.sleep(0.1)  # the other one looks before this one is there to be seen
                return made
        except Invalid as error:
            return error

    try:
        organizations = [await found("first"), await found("second")]
        answers = await asyncio.gather(*map(invite, organizations))
        assert sorted(isinstance(one, Invalid) for one in answers) == [False, True]
    finally:
        await db.close()
