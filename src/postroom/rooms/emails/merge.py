"""Which conversations of two leads are one, once both leads are. Pure."""

from collections.abc import Iterable, Mapping


def threads_after(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Threads that end, and which one stays. `pairs`: of the lead that goes, and of the one that stays.

    A thread of the lead that stays stays; where one conversation ties several of these together, the oldest of them.
    """
    parent: dict[str, str] = {}
    staying: set[str] = set()
    for going, kept in pairs:
        staying.add(kept)
        ends = {_root(parent, going), _root(parent, kept)}
        keep = min(ends, key=lambda thread: (thread not in staying, thread))
        for thread in ends - {keep}:
            parent[thread] = keep
    return {thread: _root(parent, thread) for thread in parent}


def _root(parent: Mapping[str, str], thread: str) -> str:
    while thread in parent:
        thread = parent[thread]
    return thread
