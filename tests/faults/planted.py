"""Reading mail with mistakes planted, in this process and, run as a module, in the one that reads apart."""

import os
from dataclasses import replace

from postroom.ground.side_process import serve_requests
from postroom.journeys.steps import read_process
from postroom.journeys.steps.read_body import Body, read_body


def planted(raw: bytes, raw_ref: str, *, header_only: bool) -> Body:
    """One mistake that raises, one whose result no database takes, one that ends the process."""
    body = read_body(raw, raw_ref, header_only=header_only)
    if b"Subject: Unreadable" in raw:
        raise LookupError("planted")
    if b"Subject: Deadly" in raw:
        os._exit(1)
    return replace(body, text="a\x00b") if b"Subject: Unstorable" in raw else body


if __name__ == "__main__":
    read_process.read_body = planted
    serve_requests(read_process.read_all)
