"""One authority and one certificate for all servers of a test process; gone when it ends."""

import tempfile
from functools import cache
from pathlib import Path

from tests.servers.certificates import Certificates, make_certificates

_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def shared_certificates() -> Certificates:
    """PEM files for `localhost` and 127.0.0.1, made at the first call."""
    folder = tempfile.TemporaryDirectory(prefix="postroom-certificates-")
    _KEPT.append(folder)
    return make_certificates(Path(folder.name))
