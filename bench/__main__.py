"""`python -m bench [names]`: measure, print, and write the tables of docs/benchmarks.md."""

import resource
import sys
from collections.abc import Callable

from bench import api, bulk, first_pull, memory, page, searches, steady
from bench.figures import Figure, keep, show

MEASUREMENTS: dict[str, Callable[[], Figure]] = {
    "ledger": first_pull.ledger,
    "everything": first_pull.everything,
    "some": first_pull.some,
    "unchanged": steady.unchanged,
    "delivery": steady.delivery,
    "idle": steady.idle,
    "memory": memory.memory,
    "api": api.api,
    "views": searches.smart_views,
    "words": searches.words,
    "restricted": searches.restricted,
    "bulk": bulk.sending,
    "bulk-people": bulk.people,
    "bulk-walk": bulk.expansion,
    "bulk-memory": bulk.memory,
    "page": page.page,
}


def main(names: list[str]) -> int:
    """Measure what is named, or all; answers 1 if a target was not held."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"There is no measurement {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}.")
        return 2
    held = True
    for name in names or MEASUREMENTS:
        figure = MEASUREMENTS[name]()
        keep(figure)
        print(show(figure), end="\n\n", flush=True)
        held = held and all(target.held for target in figure.targets)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
