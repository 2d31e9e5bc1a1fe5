"""The second factor (TOTP): enrolled, confirmed, asked for, used up, taken away. Its secret is sealed at rest."""

from dataclasses import dataclass, field

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid, NotFound
from postroom.journeys.tools import Tools
from postroom.rooms.users import access_log_store, attempt_store, factor_store, session_store
from postroom.rooms.users.access_link import factor_context
from postroom.rooms.users.access_log import Act, Doer, Entry
from postroom.rooms.users.totp import (
    enrolment_uri,
    new_recovery_codes,
    new_secret,
    recovery_code_hash,
    shown_secret,
    step_of,
)
from postroom.rooms.users.user import ActingUser

MOST_WRONG_CODES = 20
"""In an hour, for a user, whoever tries: a million codes, three of them right, would take years to guess."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app is told: the secret as text, and the address that the QR code holds."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


async def begin(tools: Tools, user: ActingUser) -> Enrolment:
    """A new secret, not asked for until a code has proven that an app has it. Raises Conflict where one is on."""
    secret = new_secret()
    sealed = tools.vault.seal(secret, factor_context(user.organization_id, user.id))
    async with tools.db.transaction() as tx:
        if not await factor_store.begin_enrolment(tx, user.organization_id, user.id, sealed, tools.clock()):
            raise Conflict("Two-factor sign-in is on already. Turn it off first, then set up the new phone.")
    return Enrolment(shown_secret(secret), enrolment_uri(secret, user.email, f"Postroom {user.organization_name}"))


async def confirm(tools: Tools, user: ActingUser, code: str, doer: Doer) -> tuple[str, ...]:
    """Turn it on; the recovery codes, shown once. Raises Invalid for a wrong code, NotFound before `begin`."""
    org, now = user.organization_id, tools.clock()
    codes = new_recovery_codes()
    async with tools.db.transaction() as tx:
        if not await _is_right(tools, tx, (org, user.id), code):
            raise Invalid(field_errors={"code": "This code is wrong. Is the clock of your phone right?"})
        if not await factor_store.confirm_factor(tx, org, user.id, now):
            raise Conflict("Two-factor sign-in is on already.")
        await factor_store.replace_recovery_codes(tx, org, user.id, map(recovery_code_hash, codes))
        await access_log_store.note(tx, org, doer, Entry(Act.TWO_FACTOR_ON, user.id), now)
    return codes


async def renew_codes(tools: Tools, user: ActingUser, doer: Doer) -> tuple[str, ...]:
    """New recovery codes; the old ones are worthless. Raises NotFound where no second factor is on."""
    org, codes = user.organization_id, new_recovery_codes()
    async with tools.db.transaction() as tx:
        factor = await factor_store.factor_of(tx, org, user.id)
        if factor is None or not factor.is_confirmed:
            raise NotFound("Two-factor sign-in is off.")
        await factor_store.replace_recovery_codes(tx, org, user.id, map(recovery_code_hash, codes))
        await access_log_store.note(tx, org, doer, Entry(Act.RECOVERY_CODES_MADE, user.id), tools.clock())
    return codes


async def remove(tools: Tools, organization_id: str, user_id: str, doer: Doer) -> None:
    """Turn it off, for oneself or, as an admin, for somebody whose phone is lost. Raises NotFound."""
    async with tools.db.transaction() as tx:
        if not await factor_store.delete_factor(tx, organization_id, user_id):
            raise NotFound("Two-factor sign-in is off.")
        if doer.user_id != user_id:
            await session_store.end_sessions(tx, organization_id, user_id)
        await access_log_store.note(tx, organization_id, doer, Entry(Act.TWO_FACTOR_OFF, user_id), tools.clock())


async def check(tools: Tools, owner: tuple[str, str], typed: str, doer: Doer) -> bool:
    """Whether this is a code of (organization, user)'s app, not used before, or a recovery code, which it uses up.

    False also after many wrong ones: an app's code can be guessed, given enough tries.
    """
    organization_id, user_id = owner
    now = tools.clock()
    async with tools.db.transaction() as tx:  # counted first: many tries at once must not all be the first
        wrong = await attempt_store.note_code(tx, user_id, doer.remote, now)
    async with tools.db.transaction() as tx:
        by_app = wrong < MOST_WRONG_CODES and await _is_right(tools, tx, owner, typed)
        by_paper = not by_app and await factor_store.use_recovery_code(tx, *owner, recovery_code_hash(typed))
        if by_paper:
            await access_log_store.note(tx, organization_id, doer, Entry(Act.RECOVERY_CODE_USED, user_id), now)
        if by_app or by_paper:
            await attempt_store.forget_codes(tx, user_id)
        else:
            await access_log_store.note(tx, organization_id, doer, Entry(Act.CODE_FAILED, user_id), now)
    return by_app or by_paper


async def _is_right(tools: Tools, tx: Transaction, owner: tuple[str, str], code: str) -> bool:
    """Whether the app shows this code now; a code counts once (RFC 6238 section 5.2)."""
    factor = await factor_store.factor_of(tx, *owner)
    if factor is None:
        raise NotFound("Two-factor sign-in is off.")
    step = step_of(tools.vault.open(factor.sealed_secret, factor_context(*owner)), code, tools.clock())
    return step is not None and await factor_store.use_step(tx, *owner, step)
