"""The process beside the worker that reads messages (`read_apart` asks it): bytes in, bodies out.

A request is pairs of parts: b"1" where only the header of a message was brought, else b"0", and its bytes. The answer
is, for each message, its Body in msgpack, or nil where reading it fails by a mistake of ours.
"""

import gc
from collections.abc import Sequence

import msgspec

from postroom.ground.side_process import serve_requests
from postroom.journeys.steps.read_body import MISTAKES, Body, read_body

WHOLE, HEADER_ONLY = b"0", b"1"

_encoder = msgspec.msgpack.Encoder()


def read_all(parts: Sequence[memoryview]) -> bytes:
    """Read each message of a request."""
    return _encoder.encode([_read(form, raw) for form, raw in zip(parts[::2], parts[1::2], strict=True)])


def _read(form: memoryview, raw: memoryview) -> Body | None:
    try:
        return read_body(bytes(raw), "", header_only=form == HEADER_ONLY)
    except MISTAKES:
        return None


if __name__ == "__main__":
    # What a message is made of dies with it, in no cycles: looking for those takes a twentieth of the time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    serve_requests(read_all)
