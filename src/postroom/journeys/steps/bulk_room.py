"""Whether the disk has room for a bulk email. Each email's bytes are kept, files and all, as those of any email: a file
of 10 MB to 100,000 people is more than a terabyte, which is found out before the first of them gets it, not after."""

from postroom.journeys.tools import Tools
from postroom.rooms.bulk.bulk_email import BulkEmail

_BASE64 = 1.37  # four letters for three bytes, and line ends (RFC 2045 6.8)
_AROUND = 4_096  # header lines and the frames of the parts
_SHARE = 0.5
"""Of the free disk that one batch may fill: mail must still be able to arrive meanwhile."""


async def lack_of_room(tools: Tools, batch: BulkEmail) -> str:
    """Why what still waits of a batch cannot be kept, in words; "" where there is room."""
    files = sum(int(one.get("size") or 0) for one in batch.words.attachments)
    needed = batch.counts.queued * (files * _BASE64 + len(batch.words.body) * 2 + _AROUND)
    free = await tools.blobs.free_bytes()
    if needed <= free * _SHARE:
        return ""
    return (
        f"Its {batch.counts.queued:,} emails need {_size(needed)} on the disk, which has {_size(free)} left; one bulk"
        " email may fill half of that. Put the files where people can download them, and a link into the template."
    )


def _size(count: float) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < 1_000:
            return f"{count:.0f} {unit}"
        count /= 1_000
    return f"{count:,.1f} TB"
