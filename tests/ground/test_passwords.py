"""Passwords, API keys and session tokens: what is stored proves them and gives none away."""

import asyncio

import pytest
from argon2 import PasswordHasher

from postroom.ground.errors import Invalid
from postroom.ground.passwords import (
    api_key_id,
    hash_password,
    is_genuine,
    new_api_key,
    new_session,
    secret_hash,
    verify_password,
)


async def test_the_right_password_is_right_and_every_other_wrong() -> None:
    stored = await hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert "correct" not in stored
    assert (await verify_password("correct horse", stored)).is_right
    assert (await verify_password("correct horse", stored)).new_hash is None
    assert not (await verify_password("Correct horse", stored)).is_right
    assert not (await verify_password("", stored)).is_right


async def test_equal_passwords_have_different_hashes() -> None:
    assert await hash_password("correct horse") != await hash_password("correct horse")


async def test_a_password_hashed_more_cheaply_is_hashed_anew_at_the_next_sign_in() -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("correct horse")
    verdict = await verify_password("correct horse", cheap)
    assert verdict.is_right
    assert verdict.new_hash is not None
    assert (await verify_password("correct horse", verdict.new_hash)).new_hash is None
    assert (await verify_password("wrong horse", cheap)).new_hash is None


async def test_nobody_signs_in_without_a_stored_hash() -> None:
    for stored in (None, "", "not a hash"):
        for password in ("", "correct horse"):
            assert not (await verify_password(password, stored)).is_right


@pytest.mark.parametrize("password", ["", "short", "x" * 1025, "é" * 600])
async def test_passwords_too_short_or_too_long_are_refused(password: str) -> None:
    with pytest.raises(Invalid, match="password"):
        await hash_password(password)


async def test_a_huge_password_is_wrong_without_being_hashed() -> None:
    assert not (await verify_password("x" * 10_000_000, await hash_password("correct horse"))).is_right


def test_an_api_key_is_recognised_by_its_id_and_proved_by_its_hash() -> None:
    key = new_api_key()
    assert key.text.startswith("api_")
    assert api_key_id(key.text) == key.id
    assert is_genuine(key.text, key.secret_hash)
    assert not is_genuine(new_api_key().text, key.secret_hash)
    assert not is_genuine(key.text[:-1], key.secret_hash)
    assert key.text.split(".")[1] not in repr(key)


@pytest.mark.parametrize("text", ["", "api_", ".", "api_x.y", "lead_" + "a" * 22 + "." + "b" * 43, "\ud800", "é" * 70])
def test_what_cannot_be_an_api_key_has_no_id(text: str) -> None:
    assert api_key_id(text) is None
    assert not is_genuine(text, new_api_key().secret_hash)


def test_a_session_is_found_by_the_hash_of_its_token() -> None:
    session = new_session()
    assert secret_hash(session.token) == session.token_hash
    assert len(session.token) == 43
    assert new_session() != session
    assert session.token not in repr(session)


async def test_whoever_guesses_passwords_does_not_keep_the_disk_from_working() -> None:
    """Each look takes 64 MiB and a processor; the event loop's threads are also those that read files and names."""
    guesses = [asyncio.create_task(verify_password(f"guess {number}", None)) for number in range(40)]
    await asyncio.sleep(0)
    await asyncio.to_thread(len, "a file read meanwhile")
    assert sum(guess.done() for guess in guesses) < 20
    assert not any(verdict.is_right for verdict in await asyncio.gather(*guesses))
