"""Every query of pipelines and of the statuses that opportunities pass through."""

from collections.abc import Sequence

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.ground.stamp import Stamp
from postroom.rooms.opportunities.opportunity import (
    FIRST_PIPELINE,
    FIRST_STATUSES,
    Pipeline,
    PipelineContent,
    Status,
    StatusContent,
    StatusType,
)

_STATUS_COLUMNS = "id, pipeline_id, label, type"


async def first_pipeline(tx: Transaction, organization_id: str, stamp: Stamp) -> Pipeline:
    """The organization's first pipeline; it is made where there is none."""
    found = await pipelines(tx, organization_id)
    if found:
        return found[0]
    content = PipelineContent(FIRST_PIPELINE, tuple(StatusContent(label, kind) for label, kind in FIRST_STATUSES))
    return await insert_pipeline(tx, organization_id, content, stamp)


async def pipelines(tx: Transaction, organization_id: str) -> tuple[Pipeline, ...]:
    """All pipelines with their statuses, in order."""
    rows = await (
        await tx.execute(
            "select id, name from pipelines where organization_id = %s order by position, date_created, id",
            (organization_id,),
        )
    ).fetchall()
    known = await statuses(tx, organization_id)
    return tuple(Pipeline(one, name, tuple(s for s in known if s.pipeline_id == one)) for one, name in rows)


async def pipeline(tx: Transaction, organization_id: str, pipeline_id: str) -> Pipeline:
    """One pipeline. Raises NotFound."""
    for one in await pipelines(tx, organization_id):
        if one.id == pipeline_id:
            return one
    raise NotFound("There is no such pipeline.")


async def statuses(tx: Transaction, organization_id: str) -> tuple[Status, ...]:
    """The statuses of all pipelines, each pipeline's in its order."""
    rows = await (
        await tx.execute(
            f"select {_STATUS_COLUMNS} from opportunity_statuses where organization_id = %s"
            " order by pipeline_id, position, id",
            (organization_id,),
        )
    ).fetchall()
    return tuple(_status(row) for row in rows)


async def status(tx: Transaction, organization_id: str, status_id: str) -> Status:
    """One status. Raises NotFound."""
    row = await (
        await tx.execute(
            f"select {_STATUS_COLUMNS} from opportunity_statuses where organization_id = %s and id = %s",
            (organization_id, status_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such opportunity status.")
    return _status(row)


async def insert_pipeline(tx: Transaction, organization_id: str, content: PipelineContent, stamp: Stamp) -> Pipeline:
    """Add a pipeline after the others, with its statuses. Raises Invalid for a name that is taken."""
    pipeline_id = new_id("pipe")
    made = await tx.execute(
        "insert into pipelines (organization_id, id, name, position, created_by, updated_by, date_created,"
        " date_updated) values (%(org)s, %(id)s, %(name)s,"
        " (select coalesce(max(position) + 1, 0) from pipelines where organization_id = %(org)s),"
        " %(by)s, %(by)s, %(now)s, %(now)s) on conflict (organization_id, name) do nothing",
        {"org": organization_id, "id": pipeline_id, "name": content.name, "by": stamp.user_id, "now": stamp.now},
    )
    if not made.rowcount:
        raise _taken("name", "pipeline", content.name or "")
    for one in content.statuses or ():
        await insert_status(tx, organization_id, (pipeline_id, one), stamp)
    await append(tx, organization_id, [Event("pipeline", pipeline_id, "created", user_id=stamp.user_id)], stamp.now)
    return await pipeline(tx, organization_id, pipeline_id)


async def change_pipeline(
    tx: Transaction, organization_id: str, change: tuple[str, PipelineContent], stamp: Stamp
) -> None:
    """Rename a pipeline (`change` is its id and what is new); a list of statuses is the whole list, in order.

    A status that is left out is deleted. Raises NotFound, Invalid.
    """
    pipeline_id, wanted = change
    before = await pipeline(tx, organization_id, pipeline_id)
    if wanted.name is not None and wanted.name != before.name:
        renamed = await tx.execute(
            "update pipelines set name = %(name)s, updated_by = %(by)s, date_updated = %(now)s"
            " where organization_id = %(org)s and id = %(id)s and not exists (select 1 from pipelines p"
            " where p.organization_id = %(org)s and p.name = %(name)s and p.id <> %(id)s)",
            {"org": organization_id, "id": pipeline_id, "name": wanted.name, "by": stamp.user_id, "now": stamp.now},
        )
        if not renamed.rowcount:
            raise _taken("name", "pipeline", wanted.name)
    if wanted.statuses is not None:
        await _replace_statuses(tx, organization_id, (before, wanted.statuses), stamp)
    await append(tx, organization_id, [Event("pipeline", pipeline_id, "updated", user_id=stamp.user_id)], stamp.now)


async def delete_pipeline(tx: Transaction, organization_id: str, pipeline_id: str, stamp: Stamp) -> None:
    """Remove a pipeline that has no opportunities. Raises NotFound, Invalid."""
    before = await pipeline(tx, organization_id, pipeline_id)
    if len(await pipelines(tx, organization_id)) == 1:
        raise Invalid("This is the only pipeline; make another one first.")
    for one in before.statuses:
        await delete_status(tx, organization_id, one.id, stamp)
    await tx.execute("delete from pipelines where organization_id = %s and id = %s", (organization_id, pipeline_id))
    await append(tx, organization_id, [Event("pipeline", pipeline_id, "deleted", user_id=stamp.user_id)], stamp.now)


async def insert_status(
    tx: Transaction, organization_id: str, given: tuple[str, StatusContent], stamp: Stamp
) -> Status:
    """Add a status (`given` is pipeline id and content) after the others of its pipeline. Raises Invalid."""
    pipeline_id, content = given
    status_id = new_id("stat")
    made = await tx.execute(
        "insert into opportunity_statuses (organization_id, id, pipeline_id, label, type, position)"
        " select %(org)s, %(id)s, p.id, %(label)s, %(type)s, (select coalesce(max(position) + 1, 0)"
        " from opportunity_statuses where organization_id = %(org)s and pipeline_id = p.id)"
        " from pipelines p where p.organization_id = %(org)s and p.id = %(pipeline)s"
        " on conflict (organization_id, pipeline_id, label) do nothing",
        {
            "org": organization_id, "id": status_id, "pipeline": pipeline_id, "label": content.label,
            "type": content.type.value,
        },
    )  # fmt: skip
    if not made.rowcount:
        await pipeline(tx, organization_id, pipeline_id)
        raise _taken("label", "status", content.label)
    await _tell(tx, organization_id, (status_id, "created"), stamp)
    return Status(status_id, pipeline_id, content.label, content.type)


async def change_status(tx: Transaction, organization_id: str, content: StatusContent, stamp: Stamp) -> None:
    """Give a status another label or type. Raises NotFound, or Invalid for a label that is taken."""
    before = await status(tx, organization_id, content.id)
    changed = await tx.execute(
        "update opportunity_statuses set label = %(label)s, type = %(type)s"
        " where organization_id = %(org)s and id = %(id)s and not exists (select 1 from opportunity_statuses s"
        " where s.organization_id = %(org)s and s.pipeline_id = %(pipeline)s and s.label = %(label)s"
        " and s.id <> %(id)s)",
        {
            "org": organization_id, "id": content.id, "pipeline": before.pipeline_id, "label": content.label,
            "type": content.type.value,
        },
    )  # fmt: skip
    if not changed.rowcount:
        raise _taken("label", "status", content.label)
    if (content.label, content.type) != (before.label, before.type):
        await _tell(tx, organization_id, (content.id, "updated"), stamp)


async def delete_status(tx: Transaction, organization_id: str, status_id: str, stamp: Stamp) -> None:
    """Remove a status that no opportunity has. Raises NotFound, or Invalid while some have it."""
    before = await status(tx, organization_id, status_id)
    used = await (
        await tx.execute(
            "select 1 from opportunities where organization_id = %s and status_id = %s limit 1",
            (organization_id, status_id),
        )
    ).fetchone()
    if used:
        raise Invalid(f"Opportunities have the status {before.label!r}; give them another one first.")
    await tx.execute(
        "delete from opportunity_statuses where organization_id = %s and id = %s", (organization_id, status_id)
    )
    await _tell(tx, organization_id, (status_id, "deleted"), stamp)


async def _replace_statuses(
    tx: Transaction, organization_id: str, change: tuple[Pipeline, Sequence[StatusContent]], stamp: Stamp
) -> None:
    before, wanted = change
    known, kept = {one.id for one in before.statuses}, {one.id for one in wanted}
    for one in before.statuses:
        if one.id not in kept:
            await delete_status(tx, organization_id, one.id, stamp)
    for position, content in enumerate(wanted):
        if content.id and content.id not in known:
            raise Invalid(field_errors={"statuses": f"There is no status {content.id!r} in this pipeline."})
        if content.id:
            await change_status(tx, organization_id, content, stamp)
        status_id = content.id or (await insert_status(tx, organization_id, (before.id, content), stamp)).id
        await tx.execute(
            "update opportunity_statuses set position = %s where organization_id = %s and id = %s",
            (position, organization_id, status_id),
        )


async def _tell(tx: Transaction, organization_id: str, happened: tuple[str, str], stamp: Stamp) -> None:
    status_id, action = happened
    await append(
        tx, organization_id, [Event("status.opportunity", status_id, action, user_id=stamp.user_id)], stamp.now
    )


def _status(row: Sequence[str]) -> Status:
    return Status(row[0], row[1], row[2], StatusType(row[3]))


def _taken(field: str, thing: str, name: str) -> Invalid:
    return Invalid(field_errors={field: f"There is a {thing} {name!r} already."})
