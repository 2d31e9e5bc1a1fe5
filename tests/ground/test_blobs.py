"""The blob store: batches, crashes, damage, and bytes that are really gone."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.ground.blobs import BlobRef, BlobStore
from postroom.ground.errors import Invalid, NotFound, Permanent, Temporary


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def packs(folder: Path) -> list[Path]:
    return sorted(folder.glob("blobs/??/*.pack"))


async def test_a_batch_is_one_file_and_reads_back_byte_for_byte(store: BlobStore, tmp_path: Path) -> None:
    blobs = [b"From: a\r\n\r\n\x00\xff", b"", os.urandom(100_000), b"x"]
    references = await store.write_batch(blobs)
    assert [await store.read(reference) for reference in references] == blobs
    assert len(packs(tmp_path)) == 1
    assert await store.write_batch([]) == []


async def test_thousands_of_blobs_in_one_batch(store: BlobStore) -> None:
    blobs = [str(number).encode() for number in range(3000)]
    references = await store.write_batch(blobs)
    for number in (0, 511, 512, 513, 1024, 2999):
        assert await store.read(references[number]) == blobs[number]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(max_size=50), max_size=20))
def test_any_batch_comes_back(tmp_path_factory: pytest.TempPathFactory, blobs: list[bytes]) -> None:
    store = BlobStore(tmp_path_factory.getbasetemp() / "any-batch")

    async def round_trip() -> list[bytes]:
        return [await store.read(reference) for reference in await store.write_batch(blobs)]

    assert asyncio.run(round_trip()) == blobs


async def test_an_erased_blob_is_gone_from_the_disk_and_its_neighbours_stay(store: BlobStore, tmp_path: Path) -> None:
    secret = b"the secret words" * 10_000
    before, gone, after = await store.write_batch([b"before" * 999, secret, b"after" * 999])
    blocks = packs(tmp_path)[0].stat().st_blocks
    await store.erase(gone)
    with pytest.raises(NotFound, match="erased"):
        await store.read(gone)
    assert b"secret words" not in packs(tmp_path)[0].read_bytes()
    assert await store.read(before) == b"before" * 999
    assert await store.read(after) == b"after" * 999
    if sys.platform == "linux":
        assert packs(tmp_path)[0].stat().st_blocks < blocks, "the blocks were not given back"
    await store.erase(gone)


async def test_erasing_what_is_not_there_is_no_error(store: BlobStore, tmp_path: Path) -> None:
    reference = await store.write(b"x")
    packs(tmp_path)[0].unlink()
    await store.erase(reference)
    with pytest.raises(NotFound):
        await store.read(reference)


async def test_damage_on_the_disk_is_noticed(store: BlobStore, tmp_path: Path) -> None:
    reference = await store.write(b"a message")
    packs(tmp_path)[0].write_bytes(b"b message")
    with pytest.raises(Permanent, match="damaged"):
        await store.read(reference)
    packs(tmp_path)[0].write_bytes(b"a mess")
    with pytest.raises(Permanent, match="damaged"):
        await store.read(reference)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "p1",
        "p1.../../x.0.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "p1.zz.0.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "p2.00112233445566778899.0.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "p1.00112233445566778899.00.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ],
)
async def test_what_is_no_reference_is_refused(store: BlobStore, text: str) -> None:
    with pytest.raises(Invalid):
        await store.read(text)


async def test_references_are_short_text_that_parses(store: BlobStore) -> None:
    reference = await store.write(b"x" * 44_000)
    assert len(reference) < 90
    assert str(BlobRef.parse(reference)) == reference
    assert BlobRef.parse(reference).length == 44_000


async def test_only_our_own_user_may_read_the_files(store: BlobStore, tmp_path: Path) -> None:
    await store.write(b"x")
    assert stat.S_IMODE((tmp_path / "blobs").stat().st_mode) == 0o700
    assert stat.S_IMODE(packs(tmp_path)[0].stat().st_mode) == 0o600


async def test_a_killed_writer_leaves_only_a_draft_that_is_swept_later(store: BlobStore, tmp_path: Path) -> None:
    code = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from postroom.ground import blobs\n"
        "def die(descriptor):\n"
        "    if 'drafts/' in os.readlink(f'/proc/self/fd/{descriptor}'):\n"
        "        os.kill(os.getpid(), 9)\n"
        "os.fsync = die\n"
        "asyncio.run(blobs.BlobStore(Path(sys.argv[1])).write(b'half'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "blobs")], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    drafts = list((tmp_path / "blobs" / "drafts").iterdir())
    assert len(drafts) == 1
    assert packs(tmp_path) == []
    now = datetime.now(UTC)
    assert await store.sweep(now) == 0, "a draft of just now may still be in the making"
    assert await store.sweep(now + timedelta(days=2)) == 1
    assert list((tmp_path / "blobs" / "drafts").iterdir()) == []


async def test_a_disk_that_refuses_is_a_temporary_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Temporary):
        await BlobStore(tmp_path / "file" / "blobs").write(b"x")
