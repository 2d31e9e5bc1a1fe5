"""Sealed values: they open with their key, in their place, and nowhere else."""

import stat
import threading
from pathlib import Path

import pytest

from postroom.ground.config import Config
from postroom.ground.errors import Invalid
from postroom.ground.vault import Vault, add_key, new_key, parse_keys, read_key_file

PLACE = b"connected_accounts/orga_1/emailacct_1/imap_secret"


def config_in(folder: Path, **environ: str) -> Config:
    return Config.from_environment({"POSTROOM_DATA": str(folder), **environ})


def test_what_was_sealed_opens_in_its_place() -> None:
    vault = Vault([new_key()])
    sealed = vault.seal("pässword".encode(), PLACE)
    assert vault.open(sealed, PLACE) == "pässword".encode()
    assert b"ssword" not in sealed
    assert vault.seal(b"same", PLACE) != vault.seal(b"same", PLACE)
    assert vault.open(vault.seal(b"", PLACE), PLACE) == b""


def test_a_sealed_value_does_not_open_in_another_row() -> None:
    vault = Vault([new_key()])
    sealed = vault.seal(b"secret", PLACE)
    with pytest.raises(Invalid, match="moved"):
        vault.open(sealed, PLACE.replace(b"emailacct_1", b"emailacct_2"))


def test_a_value_changed_anywhere_does_not_open() -> None:
    vault = Vault([new_key()])
    sealed = vault.seal(b"secret", PLACE)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Invalid):
            vault.open(bytes(changed), PLACE)
        with pytest.raises(Invalid):
            vault.open(sealed[:position], PLACE)


def test_after_a_rotation_old_values_open_and_move_to_the_new_key() -> None:
    old, new = new_key(), new_key()
    sealed = Vault([old]).seal(b"secret", PLACE)
    both = Vault([new, old])
    assert not both.is_sealed_by_newest(sealed)
    moved = both.reseal(sealed, PLACE)
    assert both.is_sealed_by_newest(moved)
    assert both.reseal(moved, PLACE) == moved
    assert Vault([new]).open(moved, PLACE) == b"secret"
    with pytest.raises(Invalid, match=old.id):
        Vault([new]).open(sealed, PLACE)


def test_hash_keys_differ_by_purpose_and_organization_and_outlive_a_rotation() -> None:
    old = new_key()
    vault = Vault([old])
    key = vault.hash_key("ledger", "orga_1")
    assert len(key) == 32
    assert key != vault.hash_key("ledger", "orga_2")
    assert key != vault.hash_key("links", "orga_1")
    assert vault.hash_key("a", "bc") != vault.hash_key("ab", "c")
    assert Vault([new_key(), old]).hash_key("ledger", "orga_1") == key


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    config = config_in(tmp_path / "data")
    sealed = Vault.from_config(config).seal(b"secret", PLACE)
    assert stat.S_IMODE(config.key_file.stat().st_mode) == 0o600
    assert Vault.from_config(config).open(sealed, PLACE) == b"secret"
    assert [path.name for path in config.data_folder.iterdir()] == ["secret.key"]


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    seen: list[str] = []
    everyone = threading.Barrier(8)

    def start() -> None:
        everyone.wait()
        seen.append(read_key_file(path)[0].id)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    config = config_in(tmp_path)
    Vault.from_config(config)
    config.key_file.chmod(mode)
    with pytest.raises(Invalid, match="chmod 600"):
        Vault.from_config(config)


def test_a_rotation_puts_a_new_key_first_and_keeps_the_old(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    sealed = Vault.from_config(config).seal(b"secret", PLACE)
    added = add_key(config.key_file)
    keys = read_key_file(config.key_file)
    assert keys[0] == added
    assert len(keys) == 2
    assert Vault.from_config(config).open(sealed, PLACE) == b"secret"
    assert stat.S_IMODE(config.key_file.stat().st_mode) == 0o600


def test_keys_may_come_from_the_environment(tmp_path: Path) -> None:
    new, old = new_key(), new_key()
    config = config_in(tmp_path, POSTROOM_KEY=f"{new.line()},{old.line()}")
    assert Vault.from_config(config).open(Vault([old]).seal(b"secret", PLACE), PLACE) == b"secret"
    assert not config.key_file.exists()


@pytest.mark.parametrize("text", ["nonsense", "id:short", "ID:" + "A" * 44, f"a:{'!' * 44}", "a:" + "A" * 42 + "=="])
def test_a_broken_key_is_refused_without_being_printed(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_keys(text, "POSTROOM_KEY")
    assert text not in str(caught.value)


def test_no_key_and_equal_ids_are_refused() -> None:
    key = new_key()
    with pytest.raises(Invalid):
        Vault([])
    with pytest.raises(Invalid):
        Vault([key, key])


def test_keys_do_not_show_when_printed() -> None:
    key = new_key()
    assert repr(key.secret) not in repr(key)
    assert key.line().split(":")[1] not in repr(Vault([key]))
