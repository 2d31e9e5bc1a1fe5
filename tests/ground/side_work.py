"""What the child of these tests does: it answers its number and what it was asked, or does as it is told."""

import os
import time
from collections.abc import Sequence

from postroom.ground.side_process import serve_requests


def work(parts: Sequence[memoryview]) -> bytes:
    match bytes(parts[0]) if parts else b"":
        case b"die":
            os._exit(3)
        case b"raise":
            raise ValueError("told to")
        case b"hang":
            time.sleep(600)
        case b"print":
            print("said in between", flush=True)
        case b"environment":
            return " ".join(sorted(os.environ)).encode()
        case b"number":
            return str(os.getpid()).encode()
    return b"|".join(bytes(part) for part in parts)


if __name__ == "__main__":
    serve_requests(work)
