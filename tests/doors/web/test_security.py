"""Two-step sign-in, sessions, password links, preferences: what keeps strangers out and lets the owner in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from postroom.journeys.reseal import reseal_secrets
from postroom.journeys.tools import Tools
from postroom.rooms.users.attempt_store import forget_attempts, note_attempt, note_code, note_question
from postroom.rooms.users.totp import PERIOD_SECONDS, code_at, step_at
from postroom.rooms.users.user import ActingUser, Try
from tests.doors.web.conftest import PASSWORD, Door, app_over, key_of, make_admin
from tests.doors.web.test_members import MARK, colleague, token_in

AUTH = "/api/v1/auth"


class MovingClock:
    """Time that a test moves."""

    def __init__(self, tools: Tools) -> None:
        self.ahead = timedelta()
        self._real = tools.clock

    def __call__(self):  # type: ignore[no-untyped-def]
        return self._real() + self.ahead


@pytest.fixture
def clock(tools: Tools) -> MovingClock:
    return MovingClock(tools)


@pytest.fixture
def door(tools: Tools, clock: MovingClock) -> Door:
    moved = replace(tools, clock=clock)
    return Door(moved, app_over(moved))


@asynccontextmanager
async def signed_in(door: Door, user: ActingUser) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser of this user."""
    async with door.client(headers=MARK) as browser:
        answer = await browser.post(f"{AUTH}/sign_in/", json={"email": user.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield browser


def app_code(secret: str, clock: MovingClock, steps: int = 0) -> str:
    """What an authenticator app shows."""
    import base64

    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return code_at(raw, step_at(clock()) + steps)


async def enrol(browser: httpx2.AsyncClient, clock: MovingClock) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes."""
    begun = (await browser.post("/api/v1/two_factor/")).json()
    assert begun["secret"] in begun["uri"]
    done = await browser.post("/api/v1/two_factor/confirm/", json={"code": app_code(begun["secret"], clock)})
    assert done.status_code == 200, done.text
    return begun["secret"], done.json()["codes"]


async def test_the_second_step_is_asked_for_once_it_is_confirmed(
    door: Door, admin: ActingUser, clock: MovingClock
) -> None:
    async with signed_in(door, admin) as browser:
        await browser.post("/api/v1/two_factor/")
        async with signed_in(door, admin) as other:  # not confirmed: nothing is asked for
            assert (await other.get("/api/v1/me/")).status_code == 200
            wrong = await browser.post("/api/v1/two_factor/confirm/", json={"code": "000000"})
            assert wrong.status_code == 400 and list(wrong.json()["field-errors"]) == ["code"]
            secret, codes = await enrol(browser, clock)
            assert (await other.get("/api/v1/me/")).status_code == 401  # other browsers are out
        assert len(codes) == 10 and (await browser.get("/api/v1/security/")).json()["recovery_codes_left"] == 10
        assert (await browser.post("/api/v1/two_factor/")).status_code == 409
    async with door.client() as browser:
        first = await browser.post(f"{AUTH}/sign_in/", json={"email": admin.email, "password": PASSWORD})
        assert first.json()["user"] is None and "set-cookie" not in first.headers
        assert (await browser.get("/api/v1/me/")).status_code == 401
        step = first.json()["step"]
        replayed = await browser.post(f"{AUTH}/code/", json={"step": step, "code": app_code(secret, clock)})
        assert replayed.status_code == 400, "the code that confirmed the app counts once"
        clock.ahead += timedelta(seconds=PERIOD_SECONDS)
        code = app_code(secret, clock)
        inside = await browser.post(f"{AUTH}/code/", json={"step": step, "code": code})
        assert inside.status_code == 200 and (await browser.get("/api/v1/me/")).status_code == 200
        again = await browser.post(f"{AUTH}/code/", json={"step": step, "code": code}, headers=MARK)
        assert again.status_code == 401, "the step is used up"
        second = await browser.post(f"{AUTH}/sign_in/", json={"email": admin.email, "password": PASSWORD}, headers=MARK)
        stolen = {"step": second.json()["step"], "code": code}
        assert (await browser.post(f"{AUTH}/code/", json=stolen, headers=MARK)).status_code == 400


async def test_a_recovery_code_works_once_and_new_ones_end_the_old(
    door: Door, admin: ActingUser, clock: MovingClock
) -> None:
    async with signed_in(door, admin) as browser:
        _, codes = await enrol(browser, clock)
        for code, status in ((codes[0].upper(), 200), (codes[0], 400), (codes[1], 200)):
            async with door.client(headers=MARK) as fresh:
                first = await fresh.post(f"{AUTH}/sign_in/", json={"email": admin.email, "password": PASSWORD})
                answer = await fresh.post(f"{AUTH}/code/", json={"step": first.json()["step"], "code": code})
                assert answer.status_code == status
        renewed = (await browser.post("/api/v1/two_factor/recovery_codes/")).json()["codes"]
        assert not set(renewed) & set(codes)
        assert (await browser.get("/api/v1/security/")).json()["recovery_codes_left"] == 10
    async with door.tools.db.transaction() as tx:
        kept = await (await tx.execute("select code_hash from recovery_codes")).fetchall()
        sealed = await (await tx.execute("select sealed_secret from second_factors")).fetchone()
    assert all(len(row[0]) == 32 for row in kept) and bytes(sealed[0]).startswith(b"s1.")


async def test_guessing_codes_ends_after_five_and_then_for_the_hour(
    door: Door, admin: ActingUser, clock: MovingClock
) -> None:
    async with signed_in(door, admin) as browser:
        secret, codes = await enrol(browser, clock)
    clock.ahead += timedelta(minutes=1)
    async with door.client(headers=MARK) as thief:
        for _ in range(4):
            first = await thief.post(f"{AUTH}/sign_in/", json={"email": admin.email, "password": PASSWORD})
            statuses = [
                (await thief.post(f"{AUTH}/code/", json={"step": first.json()["step"], "code": "000000"})).status_code
                for _ in range(6)
            ]
            assert statuses == [400] * 5 + [401]
        first = await thief.post(f"{AUTH}/sign_in/", json={"email": admin.email, "password": PASSWORD})
        right = {"step": first.json()["step"], "code": app_code(secret, clock)}
        assert (await thief.post(f"{AUTH}/code/", json=right)).status_code == 400
        paper = {"step": first.json()["step"], "code": codes[3]}
        assert (await thief.post(f"{AUTH}/code/", json=paper)).status_code == 200, "the owner still gets in"


@pytest.mark.parametrize("typed", ["code {id}", "forgot 203.0.113.9"])
async def test_what_is_typed_as_an_address_never_counts_as_something_else(
    door: Door, admin: ActingUser, clock: MovingClock, typed: str
) -> None:
    """Wrong codes and questions for a link are counted beside wrong passwords: nobody fills those counts by a form."""
    name = typed.format(id=admin.id)
    async with door.tools.db.transaction() as tx:
        for _ in range(120):
            await note_attempt(tx, Try(name, "198.51.100.7"), clock())
        assert await note_code(tx, admin.id, "203.0.113.9", clock()) == 0
        assert await note_code(tx, name.removeprefix("code "), "203.0.113.9", clock()) in (0, 1)
        assert not (await note_question(tx, "203.0.113.9", clock())).are_too_many
        await forget_attempts(tx, name)
        assert await note_code(tx, admin.id, "203.0.113.9", clock()) >= 1, "and nobody empties them by a form"


async def test_where_the_organization_asks_for_it_nothing_else_goes_before(
    door: Door, admin: ActingUser, clock: MovingClock
) -> None:
    bo = await colleague(door.tools, admin, "bo@acme.test")
    async with signed_in(door, admin) as browser, signed_in(door, bo) as his:
        rule = {"requires_two_factor": True}
        assert (await browser.put("/api/v1/security/rules/", json=rule)).status_code == 403  # oneself first
        await enrol(browser, clock)
        assert (await browser.put("/api/v1/security/rules/", json=rule)).json()["requires_two_factor"] is True
        assert (await his.put("/api/v1/security/rules/", json=rule)).status_code == 403
        refused = await his.get("/api/v1/lead/")
        assert refused.status_code == 403 and refused.json()["remedy"] == "enrol_two_factor"
        assert (await his.get(f"{AUTH}/state/")).json()["user"]["must_enrol"] is True
        await enrol(his, clock)
        assert (await his.get("/api/v1/lead/")).status_code == 200
        assert (await his.delete("/api/v1/two_factor/")).status_code == 200
        assert (await his.get("/api/v1/lead/")).status_code == 403
    async with door.client(auth=(await key_of(door.tools, bo), "")) as program:
        assert (await program.get("/api/v1/lead/")).status_code == 200, "programs have no phone"


async def test_an_admin_takes_away_a_lost_second_factor(door: Door, admin: ActingUser, clock: MovingClock) -> None:
    bo = await colleague(door.tools, admin, "bo@acme.test")
    async with signed_in(door, admin) as browser, signed_in(door, bo) as his:
        await enrol(his, clock)
        members = (await browser.get("/api/v1/membership/")).json()["data"]
        member = next(one for one in members if one["user_id"] == bo.id)
        assert member["has_two_factor"] is True
        assert (await browser.delete(f"/api/v1/membership/{member['id']}/two_factor/")).json() == {}
        assert (await his.get("/api/v1/me/")).status_code == 401
    async with signed_in(door, bo) as his:
        assert (await his.get("/api/v1/me/")).status_code == 200


async def test_a_new_sealing_key_opens_second_factors_too(door: Door, admin: ActingUser, clock: MovingClock) -> None:
    from postroom.ground.vault import Vault, add_key

    async with signed_in(door, admin) as browser:
        secret, _ = await enrol(browser, clock)
    add_key(door.tools.config.key_file)
    tools = replace(door.tools, vault=Vault.from_config(door.tools.config))
    assert await reseal_secrets(tools) == 1
    clock.ahead += timedelta(minutes=2)
    later = Door(tools, app_over(tools))
    async with later.client(headers=MARK) as fresh:
        first = await fresh.post(f"{AUTH}/sign_in/", json={"email": admin.email, "password": PASSWORD})
        code = {"step": first.json()["step"], "code": app_code(secret, clock)}
        assert (await fresh.post(f"{AUTH}/code/", json=code)).status_code == 200


async def test_sensitive_changes_ask_for_the_password_again_after_a_while(
    door: Door, admin: ActingUser, clock: MovingClock
) -> None:
    async with signed_in(door, admin) as browser:
        assert (await browser.post("/api/v1/api_key/", json={"name": "a"})).status_code == 200
        clock.ahead += timedelta(minutes=16)
        tries = [
            ("POST", "/api/v1/api_key/", {"name": "b"}),
            ("POST", "/api/v1/two_factor/", None),
            ("PUT", "/api/v1/security/password/", {"password": "a new long one"}),
            ("POST", "/api/v1/membership/", {"email": "new@acme.test"}),
            ("PUT", "/api/v1/membership/memb_x/", {"role_id": "user"}),
            ("POST", "/api/v1/role/", {"name": "R"}),
        ]
        for method, path, body in tries:
            refused = await browser.request(method, path, json=body)
            assert (refused.status_code, refused.json()["remedy"]) == (403, "confirm_password"), path
        assert (await browser.post(f"{AUTH}/confirm/", json={"password": "not it"})).status_code == 401
        assert (await browser.get("/api/v1/me/")).status_code == 200
        assert (await browser.post(f"{AUTH}/confirm/", json={"password": PASSWORD})).json() == {}
        assert (await browser.post("/api/v1/api_key/", json={"name": "b"})).status_code == 200
    async with door.client(auth=(await key_of(door.tools, admin), "")) as program:
        for method, path, body in (tries[1], tries[2]):
            assert (await program.request(method, path, json=body)).status_code == 403, "a key has no password"


async def test_a_new_password_signs_all_other_browsers_out(door: Door, admin: ActingUser) -> None:
    async with signed_in(door, admin) as browser, signed_in(door, admin) as other:
        changed = await browser.put("/api/v1/security/password/", json={"password": "another long one"})
        assert changed.json() == {}
        assert (await browser.get("/api/v1/me/")).status_code == 200
        assert (await other.get("/api/v1/me/")).status_code == 401
        old = await other.post(f"{AUTH}/sign_in/", json={"email": admin.email, "password": PASSWORD})
        assert old.status_code == 401


async def test_sessions_are_listed_and_ended_one_by_one_or_all_others(door: Door, admin: ActingUser) -> None:
    async with signed_in(door, admin) as one, signed_in(door, admin) as two, signed_in(door, admin) as three:
        listed = (await one.get("/api/v1/session/")).json()["data"]
        assert len(listed) == 3 and [each["is_current"] for each in listed].count(True) == 1
        assert {each["remote"] for each in listed} == {"127.0.0.1"}
        mine = next(each["id"] for each in (await two.get("/api/v1/session/")).json()["data"] if each["is_current"])
        assert (await one.delete(f"/api/v1/session/{mine}/")).json() == {}
        assert (await two.get("/api/v1/me/")).status_code == 401
        assert (await one.delete(f"/api/v1/session/{mine}/")).status_code == 404
        assert (await one.delete("/api/v1/session/")).json() == {}
        assert (await three.get("/api/v1/me/")).status_code == 401
        assert (await one.get("/api/v1/me/")).status_code == 200


async def test_a_password_link_is_asked_for_without_telling_who_is_a_user(door: Door, admin: ActingUser) -> None:
    async with door.client() as nobody:
        known = await nobody.post(f"{AUTH}/forgot/", json={"email": admin.email})
        unknown = await nobody.post(f"{AUTH}/forgot/", json={"email": "no@acme.test"})
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (200, b"{}")
        assert set(known.headers) == set(unknown.headers)
        for _ in range(8):
            last = await nobody.post(f"{AUTH}/forgot/", json={"email": "no@acme.test"})
            assert last.status_code == 200
        assert (await nobody.post(f"{AUTH}/forgot/", json={"email": admin.email})).status_code == 429


async def test_an_admins_password_link_works_once_and_ends_sessions(door: Door, admin: ActingUser) -> None:
    bo = await colleague(door.tools, admin, "bo@acme.test")
    async with signed_in(door, admin) as browser, signed_in(door, bo) as his:
        members = (await browser.get("/api/v1/membership/")).json()["data"]
        member = next(one["id"] for one in members if one["user_id"] == bo.id)
        made = (await browser.post(f"/api/v1/membership/{member}/link/")).json()
        assert made["purpose"] == "password_reset" and "/new-password#" in made["link"]
        assert (await his.get("/api/v1/me/")).status_code == 200  # making the link changes nothing yet
        chosen = {"token": token_in(made["link"]), "password": "his new long one"}
        async with door.client() as fresh:
            assert (await fresh.post(f"{AUTH}/link/use/", json=chosen)).json()["user"]["id"] == bo.id
            assert (await fresh.post(f"{AUTH}/link/use/", json=chosen, headers=MARK)).status_code == 404
        assert (await his.get("/api/v1/me/")).status_code == 401


async def test_a_password_link_does_not_go_round_the_second_factor(
    door: Door, admin: ActingUser, clock: MovingClock
) -> None:
    bo = await colleague(door.tools, admin, "bo@acme.test")
    async with signed_in(door, admin) as browser, signed_in(door, bo) as his:
        await enrol(his, clock)
        members = (await browser.get("/api/v1/membership/")).json()["data"]
        member = next(one["id"] for one in members if one["user_id"] == bo.id)
        made = (await browser.post(f"/api/v1/membership/{member}/link/")).json()
    async with door.client() as thief:
        chosen = {"token": token_in(made["link"]), "password": "his new long one"}
        answer = (await thief.post(f"{AUTH}/link/use/", json=chosen)).json()
        assert answer["user"] is None and answer["step"]
        assert (await thief.get("/api/v1/me/")).status_code == 401


async def test_an_attack_from_everywhere_does_not_lock_the_owner_out_of_a_known_browser(
    door: Door, admin: ActingUser
) -> None:
    async with signed_in(door, admin) as browser:
        await browser.post(f"{AUTH}/sign_out/")
        async with door.tools.db.transaction() as tx:
            for number in range(120):
                tried = Try(admin.email, f"10.0.{number // 10}.{number % 10}")
                await note_attempt(tx, tried, door.tools.clock())
        right = {"email": admin.email, "password": PASSWORD}
        async with door.client() as stranger:
            assert (await stranger.post(f"{AUTH}/sign_in/", json=right)).status_code == 429
        assert (await browser.post(f"{AUTH}/sign_in/", json=right)).status_code == 200
        mallory = await make_admin(door.tools, "Other", "mal@other.test")
    async with signed_in(door, mallory) as thief:  # known, but as somebody else
        async with door.tools.db.transaction() as tx:
            for number in range(120):
                await note_attempt(tx, Try(admin.email, f"10.1.{number}.1"), door.tools.clock())
        assert (await thief.post(f"{AUTH}/sign_in/", json=right)).status_code == 429


async def test_preferences_are_kept_with_the_user_and_checked(door: Door, admin: ActingUser) -> None:
    async with signed_in(door, admin) as browser, signed_in(door, admin) as phone:
        assert (await browser.get("/api/v1/preferences/")).json()["language"] is None
        wanted = {"language": "de", "shortcuts": {"threadDone": "d"}, "time_zone": "Europe/Berlin", "undo_seconds": 20}
        wanted |= {"density": "compact", "zone_by": "hand", "dark_mail": True}
        await browser.put("/api/v1/preferences/", json=wanted)
        await browser.put("/api/v1/preferences/", json={"theme": "dark", "language": None})
        kept = (await phone.get("/api/v1/preferences/")).json()
        assert (kept["language"], kept["theme"], kept["undo_seconds"]) == (None, "dark", 20)
        assert (kept["density"], kept["zone_by"], kept["dark_mail"]) == ("compact", "hand", True)
        assert (kept["shortcuts"], kept["time_zone"]) == ({"threadDone": "d"}, "Europe/Berlin")
        wrong = [
            {"language": "xx"}, {"density": "airy"}, {"zone_by": "moon"}, {"dark_mail": "yes"},
            {"undo_seconds": 60}, {"time_zone": "Mars/Base"}, {"shortcuts": {"a": "x" * 41}},
            {"image_senders": ["x"] * 1001}, {"shortcuts": {str(number): "a" for number in range(201)}},
        ]  # fmt: skip
        for one in wrong:
            assert (await browser.put("/api/v1/preferences/", json=one)).status_code == 400, one
        assert (await phone.get("/api/v1/preferences/")).json() == kept
