"""Groups where users are asked for: Close takes the id of a group for everybody in it."""

from dataclasses import replace

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Asked, asked
from postroom.ground.database import Transaction
from postroom.views.references import with_members

_NAMES = ("user_id", "user_id__in", "assigned_to", "assigned_to__in")


async def asked_of_users(request: ApiRequest, tx: Transaction) -> Asked:
    """The query string of this request, in which the members of a group stand for its id. Of another organization
    there is nothing."""
    query = asked(request)
    named = [name for name in _NAMES if "group_" in query.text(name)]
    values = dict(query.values)
    if query.text("organization_id") not in ("", request.user.organization_id):
        return replace(query, values={**values, "id__in": "", "id": ""})
    for name in named:
        people = await with_members(tx, request.user.organization_id, query.ids(name))
        values[name] = ",".join(people or ())
    return replace(query, values=values) if named else query
