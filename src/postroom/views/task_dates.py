"""How a task says when it is due: a moment, a day, or that it has no date."""

from postroom.views.selection import as_date


def task_date(task: str) -> str:
    """SQL for the `date` of a task. One without a date stands at the day it was written, as in Close."""
    day = f"to_char({task}.due_at at time zone 'UTC', 'YYYY-MM-DD')"
    return f"case {task}.due_form when 'moment' then {as_date(f'{task}.due_at')} else {day} end"


def task_due_date(task: str) -> str:
    """SQL for the `due_date` of a task: the same, null where it has no date."""
    return f"case when {task}.due_form <> 'none' then {task_date(task)} end"


def is_dateless(task: str) -> str:
    """SQL for whether a task has no date."""
    return f"({task}.due_form = 'none')"


def is_due(task: str) -> str:
    """SQL: the task's time comes before the caller's day ends; one without a date always waits. A day is one wherever
    its owner is, so it is compared with the caller's date (`end_of_date`), a moment with the end of their day."""
    return f"({task}.due_at < %(end_of_date)s::timestamptz + {_ZONES_APART} and {task}.due_at < {_day_ends(task)})"


def is_later(task: str) -> str:
    """SQL: the opposite."""
    return f"({task}.due_at >= %(end_of_date)s::timestamptz - {_ZONES_APART} and {task}.due_at >= {_day_ends(task)})"


def _day_ends(task: str) -> str:
    return (
        f"case {task}.due_form when 'moment' then %(end_of_day)s::timestamptz"
        " when 'day' then %(end_of_date)s::timestamptz else 'infinity' end"
    )


# The date of somebody far east may be two ahead of the caller's. The condition with it is the index's.
_ZONES_APART = "interval '2 days'"
