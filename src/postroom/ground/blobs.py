"""Bytes that are too large for rows: raw messages and attachments, in a folder.

    <folder>/drafts/             files still being written; what a crash leaves here is swept
    <folder>/3f/3fa9….pack       one batch of blobs, end to end; never changed, but for the zeros of an erased blob

A batch costs one fsync of the file and one of its folder, however many blobs it has: with one fsync a message the disk,
not the network, would set the pace of a first pull. A blob is written before the row that names it; a crash in between
leaves a pack that no row names, which is harmless. Where the bytes lie and their SHA-256 are the blob's reference.
"""

import asyncio
import base64
import ctypes
import hashlib
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

from postroom.ground.errors import Invalid, NotFound, Permanent, Temporary

P = ParamSpec("P")
R = TypeVar("R")

_PACK_ID_BYTES = 10
_BUFFERS_PER_WRITE = 512  # IOV_MAX is 1024 on Linux and macOS
_ZEROS = bytes(1 << 20)
_DRAFT_AGE = timedelta(days=1)  # no batch takes that long to write, so whoever wrote it is gone
_KEEP_SIZE_AND_PUNCH_HOLE = 0x01 | 0x02  # linux/falloc.h


@dataclass(frozen=True, slots=True)
class BlobRef:
    """Where a blob lies, and the SHA-256 that its bytes must have. As text it stands in a row."""

    pack: str
    offset: int
    length: int
    sha256: bytes

    def __str__(self) -> str:
        digest = base64.urlsafe_b64encode(self.sha256).rstrip(b"=").decode()
        return f"p1.{self.pack}.{self.offset}.{self.length}.{digest}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The reference that `str` made. Raises Invalid for anything else."""
        try:
            form, pack, offset, length, digest = text.split(".")
            is_pack = bytes.fromhex(pack).hex() == pack  # a path is built from it
            ref = cls(pack, int(offset), int(length), base64.urlsafe_b64decode(digest + "="))
        except ValueError as error:
            raise Invalid("This is not the reference of a stored blob.") from error
        if form != "p1" or not is_pack or str(ref) != text:
            raise Invalid("This is not the reference of a stored blob.")
        return ref


class BlobStore:
    """Write, read and erase blobs in one folder, from any number of processes. Bytes in, references out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def write(self, blob: bytes) -> str:
        """Store one blob; its reference. On return it survives a power cut."""
        return (await self.write_batch([blob]))[0]

    async def write_batch(self, blobs: Sequence[bytes]) -> list[str]:
        """Store blobs together; their references in the same order. Temporary, and none kept, if the disk refuses."""
        if not blobs:
            return []
        pack = secrets.token_hex(_PACK_ID_BYTES)
        # Hashing needs a processor and writing waits for the disk: side by side they take the longer of the two.
        references, _ = await asyncio.gather(
            asyncio.to_thread(_references, pack, blobs),
            asyncio.to_thread(_translated, _write_pack, _pack_path(self._folder, pack), blobs),
        )
        return references

    async def read(self, reference: str) -> bytes:
        """The bytes, checked against their hash. NotFound once erased; Permanent if the disk has changed them."""
        return await asyncio.to_thread(_translated, _read, self._folder, BlobRef.parse(reference))

    async def free_bytes(self) -> int:
        """What the disk has left."""
        return await asyncio.to_thread(_free_bytes, self._folder)

    async def erase(self, reference: str) -> None:
        """Overwrite a blob for good; its neighbours in the pack stay. Erasing twice, or what is gone, is no error."""
        await asyncio.to_thread(_translated, _erase, self._folder, BlobRef.parse(reference))

    async def sweep(self, now: datetime) -> int:
        """Remove what crashes have left half-written; how many files that were."""
        return await asyncio.to_thread(_translated, _sweep, self._folder, now)


def _translated(act: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """What the disk refuses is tried again later by the job that asked."""
    try:
        return act(*arguments, **named)
    except OSError as error:
        raise Temporary(f"The blob store cannot be used: {error.strerror}.") from error


def _write_pack(path: Path, blobs: Sequence[bytes]) -> None:
    """All blobs into one file, complete and on the disk before it gets its name."""
    draft = path.parent.parent / "drafts" / path.name
    descriptor = _create(draft)
    try:
        for first in range(0, len(blobs), _BUFFERS_PER_WRITE):
            _write_all(descriptor, blobs[first : first + _BUFFERS_PER_WRITE])
        os.fsync(descriptor)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    _publish(draft, path)


def _references(pack: str, blobs: Sequence[bytes]) -> list[str]:
    references, offset = [], 0
    for blob in blobs:
        references.append(str(BlobRef(pack, offset, len(blob), hashlib.sha256(blob).digest())))
        offset += len(blob)
    return references


def _create(draft: Path) -> int:
    """A new file that only we may read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(draft, flags, 0o600)
    except FileNotFoundError:
        _make_folder(draft.parent)
        return os.open(draft, flags, 0o600)


def _write_all(descriptor: int, blobs: Sequence[bytes]) -> None:
    """All bytes: one system call, unless the kernel takes less at once (it never takes over 2 GB)."""
    waiting = [memoryview(blob) for blob in blobs if blob]
    while waiting:
        written = os.writev(descriptor, waiting)
        while waiting and written >= len(waiting[0]):
            written -= len(waiting.pop(0))
        if waiting and written:
            waiting[0] = waiting[0][written:]


def _publish(draft: Path, path: Path) -> None:
    """Give the finished file its name, and make the name survive too."""
    try:
        draft.rename(path)
    except FileNotFoundError:
        _make_folder(path.parent)
        draft.rename(path)
    _sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    """A private folder, parents too, whose name survives a power cut."""
    missing = [folder, *(parent for parent in folder.parents if not parent.exists())]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(one.parent)


def _free_bytes(folder: Path) -> int:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return shutil.disk_usage(there).free


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _pack_path(folder: Path, pack: str) -> Path:
    """Packs spread over 256 folders: a folder with millions of names is slow to list and to back up."""
    return folder / pack[:2] / f"{pack}.pack"


def _read(folder: Path, ref: BlobRef) -> bytes:
    try:
        descriptor = os.open(_pack_path(folder, ref.pack), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise NotFound("The stored message is not in the blob store.") from error
    try:
        blob = _read_all(descriptor, ref)
    finally:
        os.close(descriptor)
    if hashlib.sha256(blob).digest() == ref.sha256:
        return blob
    if not any(blob):
        raise NotFound("The stored message has been erased.")
    raise Permanent("The stored message is damaged: its bytes on disk are not the ones that were written.")


def _read_all(descriptor: int, ref: BlobRef) -> bytes:
    """The bytes of `ref`, fewer where the file ends before."""
    pieces, offset, wanted = [], ref.offset, ref.length
    while wanted and (piece := os.pread(descriptor, wanted, offset)):
        pieces.append(piece)
        offset += len(piece)
        wanted -= len(piece)
    return b"".join(pieces)


def _erase(folder: Path, ref: BlobRef) -> None:
    """Zeros first, for file systems that write in place; then the blocks go back to the disk where that is possible."""
    try:
        descriptor = os.open(_pack_path(folder, ref.pack), os.O_WRONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        end = min(ref.offset + ref.length, os.fstat(descriptor).st_size)
        for position in range(ref.offset, end, len(_ZEROS)):
            os.pwrite(descriptor, _ZEROS[: end - position], position)
        os.fsync(descriptor)
        _punch_hole(descriptor, ref.offset, end - ref.offset)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _punch_hole(descriptor: int, offset: int, length: int) -> None:
    """Free the disk's blocks of a range that holds zeros already: a saving, so a refusal does not matter."""
    fallocate = _fallocate()
    if fallocate is not None and length > 0:
        fallocate(descriptor, _KEEP_SIZE_AND_PUNCH_HOLE, offset, length)


@lru_cache(maxsize=1)
def _fallocate() -> Callable[[int, int, int, int], int] | None:
    """fallocate(2) of Linux, which Python does not offer."""
    if sys.platform != "linux":
        return None
    function = ctypes.CDLL(None, use_errno=True).fallocate64
    function.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
    function.restype = ctypes.c_int
    return function


def _sweep(folder: Path, now: datetime) -> int:
    swept = 0
    for draft in (folder / "drafts").glob("*"):
        written = datetime.fromtimestamp(draft.stat().st_mtime, tz=now.tzinfo)
        if now - written > _DRAFT_AGE:
            draft.unlink(missing_ok=True)
            swept += 1
    return swept
