"""Members, roles and groups: who may do what, who comes, who leaves."""

import httpx2
import pytest

from postroom.doors.web.gate import OPEN_PATHS
from postroom.doors.web.permits import NEEDS, OPEN_TO_RESTRICTED
from postroom.ground.passwords import hash_password
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import AccountSettings
from postroom.rooms.accounts.store import AccountToAdd
from postroom.rooms.users import store as users
from postroom.rooms.users.roles import PERMISSIONS_OF, Permission, Role
from postroom.rooms.users.user import ActingUser, NewUser
from tests.doors.web.conftest import PASSWORD, Door, key_of
from tests.doors.web.test_general_rules import operations

MARK = {"X-Postroom": "1"}


async def colleague(tools: Tools, admin: ActingUser, email: str, role: Role = Role.USER) -> ActingUser:
    """One more user of the admin's organization, who has the tests' password."""
    password_hash = await hash_password(PASSWORD)
    async with tools.db.transaction() as tx:
        new = NewUser(email, email.split("@", maxsplit=1)[0].title(), "", password_hash, role)
        return await users.insert_user(tx, admin.organization_id, new, tools.clock())


async def memberships(api: httpx2.AsyncClient) -> dict[str, dict[str, object]]:
    """Every membership by its address."""
    return {one["user_email"]: one for one in (await api.get("/api/v1/membership/")).json()["data"]}


async def test_every_operation_is_refused_to_whom_its_role_does_not_allow(door: Door, admin: ActingUser) -> None:
    """Walks all routes as a restricted user, a user and a super user: what is theirs is never 403 for their role."""
    refused: dict[Role, set[str]] = {}
    for role in (Role.RESTRICTED, Role.USER, Role.SUPERUSER):
        user = await colleague(door.tools, admin, f"{role.value}@acme.test", role)
        refused[role] = set()
        async with door.client(auth=(await key_of(door.tools, user), "")) as client:
            for method, path, operation in operations(door.app):
                name = str(operation["operationId"])
                needed = NEEDS.get(name)
                may = (
                    needed in PERMISSIONS_OF[role]
                    if needed
                    else (role is not Role.RESTRICTED or method == "GET" or name in OPEN_TO_RESTRICTED)
                )
                if may or path.rstrip("/") in OPEN_PATHS:
                    continue
                address = path.replace("{", "").replace("}", "")
                answer = await client.request(method, address, json={} if method != "GET" else None)
                assert answer.status_code == 403, (role, method, path, answer.status_code)
                refused[role].add(name)
    assert refused[Role.SUPERUSER] < refused[Role.USER] < refused[Role.RESTRICTED]
    assert {"list_access_log", "invite_member", "update_membership", "update_organization"} <= refused[Role.SUPERUSER]
    assert {"create_lead_status"} <= refused[Role.USER] and {"delete_lead"} <= refused[Role.RESTRICTED]


def test_the_table_of_permits_names_only_operations_that_there_are(door: Door) -> None:
    known = {str(operation["operationId"]) for _, _, operation in operations(door.app)}
    assert sorted((set(NEEDS) | OPEN_TO_RESTRICTED) - known) == []


async def test_a_restricted_user_works_on_leads_with_own_mail_alone(door: Door, admin: ActingUser) -> None:
    rita = await colleague(door.tools, admin, "rita@acme.test", Role.RESTRICTED)
    async with door.tools.db.transaction() as tx:
        await account_store.add(
            tx, admin.organization_id, AccountToAdd(admin.id, "custom_email", "custom", admin.email, AccountSettings()),
            door.tools.clock(),
        )  # fmt: skip
    async with door.client(auth=(await key_of(door.tools, rita), "")) as client:
        made = await client.post("/api/v1/lead/", json={"name": "Bolt"})
        assert made.status_code == 200
        assert (await client.put(f"/api/v1/lead/{made.json()['id']}/", json={"name": "Bolts"})).status_code == 200
        refused = await client.delete(f"/api/v1/lead/{made.json()['id']}/")
        assert refused.status_code == 403 and "delete_leads" in refused.json()["errors"][0]
        shared = await client.post("/api/v1/saved_search/", json={"name": "Ours", "query": "*", "is_shared": True})
        assert shared.status_code == 403
        mine = await client.post("/api/v1/saved_search/", json={"name": "Mine", "query": "*"})
        assert mine.status_code == 200, mine.text
        assert (await client.get("/api/v1/connected_account/")).json()["data"] == []
        assert (await client.get("/api/v1/membership/")).status_code == 200
        assert (await client.get("/api/v1/access_log/")).status_code == 403
        mine = (await client.get("/api/v1/me/")).json()["memberships"][0]
        assert mine["role_id"] == "restricteduser" and "delete_leads" not in mine["permissions_granted"]


async def test_roles_have_closes_names_and_memberships_change_one_by_one_and_many_at_once(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    roles = (await api.get("/api/v1/role/")).json()["data"]
    assert [(one["id"], one["name"], one["editable"]) for one in roles] == [
        ("admin", "Admin", False), ("superuser", "Super User", False), ("user", "User", False),
        ("restricteduser", "Restricted User", False),
    ]  # fmt: skip
    for name in ("bo", "cy"):
        await colleague(door.tools, admin, f"{name}@acme.test")
    found = await memberships(api)
    bo, cy = found["bo@acme.test"]["id"], found["cy@acme.test"]["id"]
    changed = await api.put(f"/api/v1/membership/{bo}/", json={"role_id": "superuser", "colour": "red"})
    assert changed.status_code == 200 and changed.json()["role_id"] == "superuser"
    several = await api.put("/api/v1/membership/", json={"_params": {"id__in": f"{bo},{cy}"}, "role_id": "admin"})
    assert {one["role_id"] for one in several.json()["data"]} == {"admin"}
    none = await api.put("/api/v1/membership/", json={"_params": {"id__in": f"{bo},memb_x"}, "role_id": "user"})
    assert none.status_code == 404
    assert (await memberships(api))["bo@acme.test"]["role_id"] == "admin"
    wrong = await api.put(f"/api/v1/membership/{bo}/", json={"role_id": "king"})
    assert wrong.status_code == 400 and list(wrong.json()["field-errors"]) == ["role_id"]


async def test_the_last_admin_stays(door: Door, api: httpx2.AsyncClient, admin: ActingUser) -> None:
    await colleague(door.tools, admin, "bo@acme.test")
    found = await memberships(api)
    ann, bo = found[admin.email]["id"], found["bo@acme.test"]["id"]
    refused = await api.put(f"/api/v1/membership/{ann}/", json={"role_id": "user"})
    assert refused.status_code == 409 and "only admin" in refused.json()["errors"][0]
    assert (await api.put(f"/api/v1/membership/{bo}/", json={"role_id": "admin"})).status_code == 200
    both = await api.put("/api/v1/membership/", json={"_params": {"id__in": f"{ann},{bo}"}, "role_id": "user"})
    assert both.status_code == 409
    assert {one["role_id"] for one in (await memberships(api)).values()} == {"admin"}


async def test_a_role_of_ones_own_counts_at_once_and_cannot_be_removed_while_somebody_has_it(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    made = await api.post("/api/v1/role/", json={"name": "Helper", "permissions": ["export", "dialer"]})
    assert made.status_code == 201
    role = made.json()
    assert role["editable"] and role["permissions"] == ["export", "view_all_leads"]
    assert (await api.post("/api/v1/role/", json={"name": "Helper"})).status_code == 400
    bo = await colleague(door.tools, admin, "bo@acme.test")
    member = (await memberships(api))["bo@acme.test"]["id"]
    await api.put(f"/api/v1/membership/{member}/", json={"role_id": role["id"]})
    async with door.client(auth=(await key_of(door.tools, bo), "")) as client:
        assert (await client.post("/api/v1/status/lead/", json={"label": "Hot"})).status_code == 403
        more = {"permissions": ["view_coworkers_inboxes", "manage_customizations"]}
        assert (await api.put(f"/api/v1/role/{role['id']}/", json=more)).status_code == 200
        assert (await client.post("/api/v1/status/lead/", json={"label": "Hot"})).status_code == 200
    assert (await api.delete(f"/api/v1/role/{role['id']}/")).status_code == 409
    await api.put(f"/api/v1/membership/{member}/", json={"role_id": "user"})
    assert (await api.delete(f"/api/v1/role/{role['id']}/")).json() == {}
    assert (await api.put("/api/v1/role/admin/", json={"name": "Boss"})).status_code == 403


async def test_groups_are_listed_without_and_read_with_their_members(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    bo = await colleague(door.tools, admin, "bo@acme.test")
    made = await api.post("/api/v1/group/", json={"name": "Sales", "members": [{"user_id": admin.id}]})
    assert made.status_code == 201 and made.json()["members"] == [{"user_id": admin.id}]
    url = f"/api/v1/group/{made.json()['id']}/"
    assert "members" not in (await api.get("/api/v1/group/")).json()["data"][0]
    assert (await api.post(f"{url}member/", json={"user_id": bo.id})).status_code == 201
    assert (await api.post(f"{url}member/", json={"user_id": bo.id})).status_code == 201
    assert [one["user_id"] for one in (await api.get(url)).json()["members"]] == [admin.id, bo.id]
    assert (await api.post(f"{url}member/", json={"user_id": "user_none"})).status_code == 404
    assert (await api.put(url, json={"name": "Hunters"})).json()["name"] == "Hunters"
    assert (await api.delete(f"{url}member/{bo.id}/")).status_code == 204
    assert (await api.delete(f"{url}member/{bo.id}/")).status_code == 404
    assert (await api.delete(url)).status_code == 204 and (await api.get(url)).status_code == 404


async def invited(api: httpx2.AsyncClient, email: str = "new@acme.test", **more: str) -> dict[str, object]:
    answer = await api.post("/api/v1/membership/", json={"email": email, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def token_in(link: object) -> str:
    return str(link).split("#")[1]


async def test_an_invitation_lets_somebody_in_once(door: Door, api: httpx2.AsyncClient) -> None:
    made = await invited(api, role_id="restricteduser", first_name="Nia")
    assert made["membership"]["status"] == "invited" and made["mailed_from"] == ""
    assert str(made["link"]).startswith("http://crm.test/join#")
    async with door.client() as browser:
        token = {"token": token_in(made["link"])}
        seen = (await browser.post("/api/v1/auth/link/", json=token)).json()
        assert (seen["purpose"], seen["organization_name"], seen["first_name"]) == ("invitation", "Acme", "Nia")
        weak = await browser.post("/api/v1/auth/link/use/", json={**token, "password": "short"})
        assert weak.status_code == 400
        chosen = {**token, "password": "a good long one", "last_name": "Novak"}
        inside = await browser.post("/api/v1/auth/link/use/", json=chosen)
        assert inside.status_code == 200 and inside.json()["user"]["role"] == "restricted"
        assert (await browser.get("/api/v1/me/")).json()["last_name"] == "Novak"
        again = await browser.post("/api/v1/auth/link/use/", json=chosen, headers=MARK)
        assert again.status_code == 404
    assert (await memberships(api))["new@acme.test"]["status"] == "active"
    withdrawn = await api.delete(f"/api/v1/membership/{made['membership']['id']}/")
    assert withdrawn.status_code == 409


async def test_an_invitation_ends_when_it_is_made_anew_withdrawn_or_too_old(
    door: Door, api: httpx2.AsyncClient
) -> None:
    made = await invited(api)
    url = f"/api/v1/membership/{made['membership']['id']}/"
    renewed = (await api.post(f"{url}link/")).json()
    async with door.client() as browser:

        async def opens(link: object) -> int:
            return (await browser.post("/api/v1/auth/link/", json={"token": token_in(link)})).status_code

        assert (await opens(made["link"]), await opens(renewed["link"])) == (404, 200)
        async with door.tools.db.transaction() as tx:
            await tx.execute("update access_links set date_expires = date_created")
        assert await opens(renewed["link"]) == 404
        last = (await api.post(f"{url}link/")).json()
        assert (await api.delete(url)).json() == {}
        assert await opens(last["link"]) == 404
    assert "new@acme.test" not in await memberships(api)
    taken = await api.post("/api/v1/membership/", json={"email": "ann@acme.test"})
    assert taken.status_code == 400 and list(taken.json()["field-errors"]) == ["email"]


async def test_who_is_deactivated_is_out_at_once_and_accounts_stop_or_move(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    tools = door.tools
    for name, then in (("bo", {}), ("cy", {"accounts": "move", "move_to": admin.id})):
        user = await colleague(tools, admin, f"{name}@acme.test")
        async with tools.db.transaction() as tx:
            new = AccountToAdd(user.id, "custom_email", "custom", user.email, AccountSettings())
            account_id = await account_store.add(tx, admin.organization_id, new, tools.clock())
        key = await key_of(tools, user)
        member = (await memberships(api))[user.email]["id"]
        async with door.client() as browser, door.client(auth=(key, "")) as program:
            await browser.post("/api/v1/auth/sign_in/", json={"email": user.email, "password": PASSWORD})
            assert (await browser.get("/api/v1/me/")).status_code == 200
            assert (await program.get("/api/v1/me/")).status_code == 200
            gone = await api.post(f"/api/v1/membership/{member}/deactivate/", json=then)
            assert gone.status_code == 200 and gone.json()["status"] == "inactive", gone.text
            assert (await browser.get("/api/v1/me/")).status_code == 401
            assert (await program.get("/api/v1/me/")).status_code == 401
        async with tools.db.transaction() as tx:
            account = await account_store.get(tx, admin.organization_id, account_id)
        assert (account.settings.is_active, account.user_id) == (bool(then), admin.id if then else user.id)
    back = await api.post(f"/api/v1/membership/{member}/reactivate/")
    assert back.json()["status"] == "active"
    async with door.client(auth=(key, "")) as program:
        assert (await program.get("/api/v1/me/")).status_code == 401  # the old key stays worthless
    mine = (await memberships(api))[admin.email]["id"]
    assert (await api.post(f"/api/v1/membership/{mine}/deactivate/", json={})).status_code == 409
    nobody = await api.post(
        f"/api/v1/membership/{member}/deactivate/", json={"accounts": "move", "move_to": "user_none"}
    )
    assert nobody.status_code == 400
    assert (await memberships(api))["cy@acme.test"]["status"] == "active"


async def test_one_changes_ones_own_profile_and_an_admin_everybodys(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    bo = await colleague(door.tools, admin, "bo@acme.test")
    async with door.client(auth=(await key_of(door.tools, bo), "")) as client:
        mine = await client.put("/api/v1/user/me/", json={"first_name": " Bob ", "last_used_timezone": "Asia/Tokyo"})
        assert (mine.json()["first_name"], mine.json()["last_used_timezone"]) == ("Bob", "Asia/Tokyo")
        assert (await client.put("/api/v1/user/me/", json={"last_used_timezone": "Mars"})).status_code == 400
        assert (await client.put(f"/api/v1/user/{admin.id}/", json={"first_name": "x"})).status_code == 403
    assert (await api.put(f"/api/v1/user/{bo.id}/", json={"last_name": "Berg"})).json()["last_name"] == "Berg"


async def test_the_access_log_tells_an_admin_who_did_what(
    door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    made = await invited(api)
    await api.put(f"/api/v1/membership/{made['membership']['id']}/", json={"role_id": "admin"})
    async with door.client() as browser:
        await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": "wrong one"})
        await browser.post("/api/v1/auth/sign_in/", json={"email": admin.email, "password": PASSWORD})
    lines = (await api.get("/api/v1/access_log/")).json()["data"]
    assert [one["act"] for one in lines] == ["signed_in", "sign_in_failed", "role_changed", "invited"]
    assert lines[3]["user_name"] == "Ann Admin" and lines[3]["detail"]["email"] == "new@acme.test"
    assert lines[1]["user_id"] is None and lines[1]["subject_id"] == admin.id
    assert token_in(made["link"]) not in str(lines)
    about = (await api.get(f"/api/v1/access_log/?user_id={made['membership']['user_id']}")).json()["data"]
    assert [one["act"] for one in about] == ["role_changed", "invited"]


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_all_that_the_one_below_may(role: Role) -> None:
    order = list(Role)
    below = order[order.index(role) + 1 :]
    assert all(PERMISSIONS_OF[one] < PERMISSIONS_OF[role] for one in below)
    assert (Permission.MANAGE_ORGANIZATION in PERMISSIONS_OF[role]) == (role is Role.ADMIN)
