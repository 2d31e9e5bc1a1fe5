"""Seals the secrets that rows must hold (passwords and tokens of mail servers) with a key that is not in the database.

A sealed value is AES-256-GCM (NIST SP 800-38D) under a 96-bit random nonce, with the organization, row and column as
associated data: a value copied into another row does not open there. It starts with the id of its key, so that keys
can be changed: the newest seals, all open, `reseal` moves a value to the newest. Each value is sealed under a key
derived for it from a random salt (HKDF, RFC 5869), so that no number of values wears a nonce out.

Keys come from POSTROOM_KEY or from `secret.key` in the data folder, one `id:base64` a line, newest first.
"""

import base64
import binascii
import os
import re
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from postroom.ground.config import Config
from postroom.ground.errors import Invalid

_KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16
_FORM = b"s1"
_KEY_LINE = re.compile(r"([0-9a-z]{1,16}):([A-Za-z0-9+/=_-]{43,44})")


@dataclass(frozen=True, slots=True)
class Key:
    """32 random bytes and the id that sealed values name them by."""

    id: str
    secret: bytes = field(repr=False)

    def line(self) -> str:
        """As it stands in the key file."""
        return f"{self.id}:{base64.b64encode(self.secret).decode()}"


class Vault:
    """Seals and opens. Immutable; one per process."""

    def __init__(self, keys: Sequence[Key]) -> None:
        if not keys:
            raise Invalid("There is no sealing key.")
        if len({key.id for key in keys}) != len(keys):
            raise Invalid("Two sealing keys have the same id.")
        self._newest = keys[0]
        self._oldest = keys[-1]
        self._keys = {key.id: key for key in keys}

    def __repr__(self) -> str:
        return f"Vault(keys {', '.join(self._keys)})"

    @classmethod
    def from_config(cls, config: Config) -> "Vault":
        """The keys of POSTROOM_KEY, else of the key file, made at the first start. Invalid if others can read that."""
        if config.sealing_keys is not None:
            return cls(parse_keys(config.sealing_keys.replace(",", "\n"), "POSTROOM_KEY"))
        return cls(read_key_file(config.key_file))

    def seal(self, secret: bytes, context: bytes) -> bytes:
        """`secret` sealed for one place, which `context` names (organization, row, column); different every time."""
        salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
        return _prefix(self._newest) + salt + nonce + _cipher(self._newest, salt).encrypt(nonce, secret, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed. Invalid if the key is gone, or the value was changed or comes from another place."""
        key, box = self._unpack(sealed)
        salt, nonce, rest = box[:_SALT_BYTES], box[_SALT_BYTES:][:_NONCE_BYTES], box[_SALT_BYTES + _NONCE_BYTES :]
        try:
            return _cipher(key, salt).decrypt(nonce, rest, context)
        except InvalidTag as error:
            raise Invalid("A sealed value does not open: it was changed, or moved from another row.") from error

    def is_sealed_by_newest(self, sealed: bytes) -> bool:
        """Whether a rotation has nothing to do for this value."""
        return sealed.startswith(_prefix(self._newest))

    def reseal(self, sealed: bytes, context: bytes) -> bytes:
        """The same secret under the newest key; unchanged if that already is so."""
        return sealed if self.is_sealed_by_newest(sealed) else self.seal(self.open(sealed, context), context)

    def hash_key(self, purpose: str, organization_id: str) -> bytes:
        """32 bytes for keyed hashes of one purpose in one organization.

        From the oldest key, since hashes cannot be made anew when keys change: keep that key's line for good.
        """
        parts = [purpose.encode(), organization_id.encode()]
        info = b"hash" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(self._oldest.secret)

    def _unpack(self, sealed: bytes) -> tuple[Key, bytes]:
        form, key_id, box = [*sealed.split(b".", 2), b"", b""][:3]
        if form != _FORM or len(box) < _SALT_BYTES + _NONCE_BYTES:
            raise Invalid("This is not a sealed value.")
        key = self._keys.get(key_id.decode("ascii", "replace"))
        if key is None:
            raise Invalid(
                f"The key {key_id.decode('ascii', 'replace')!r}, which sealed this value, is not given: POSTROOM_KEY"
                " and the key file must keep old keys until everything has been sealed anew."
            )
        return key, box


def read_key_file(path: Path) -> list[Key]:
    """The keys of a key file; a new one with one key is made if there is none. Invalid if others can read it."""
    if not path.exists():
        _make_key_file(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    with os.fdopen(descriptor, encoding="ascii") as file:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            raise Invalid(f"{path} can be read by others (mode {mode:04o}): run `chmod 600 {path}`.")
        return parse_keys(file.read(), str(path))


def add_key(path: Path) -> Key:
    """Put a new key first in the key file: it seals from the next start on. The rotation's first step."""
    keys = read_key_file(path)
    new = new_key()
    _write_private(path, [new, *keys])
    return new


def new_key() -> Key:
    """A key of random bytes with a random id."""
    return Key(secrets.token_hex(4), os.urandom(_KEY_BYTES))


def parse_keys(text: str, source: str) -> list[Key]:
    """`id:base64` lines, newest first; empty lines and # comments are skipped. Never tells a key in an error."""
    keys = []
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _KEY_LINE.fullmatch(line.strip())
        secret = _decode(match[2]) if match else b""
        if match is None or len(secret) != _KEY_BYTES:
            raise Invalid(f"{source} must hold keys as `id:base64 of 32 bytes`, the id of small letters and digits.")
        keys.append(Key(match[1], secret))
    return keys


def _prefix(key: Key) -> bytes:
    """What a value sealed with `key` starts with: `s1.<key id>.`; salt, nonce and cipher text follow."""
    return b".".join([_FORM, key.id.encode(), b""])


def _decode(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.rstrip("=").replace("+", "-").replace("/", "_") + "=")
    except binascii.Error:
        return b""


def _cipher(key: Key, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), _KEY_BYTES, salt=salt, info=b"seal").derive(key.secret))


def _make_key_file(path: Path) -> None:
    """Whoever comes first makes it: a second process at the same moment must not put another key over it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _write_draft(path, [new_key()])
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _write_private(path: Path, keys: Sequence[Key]) -> None:
    """Replace the file as a whole: a crash leaves the old one or the new one."""
    _write_draft(path, keys).replace(path)


def _write_draft(path: Path, keys: Sequence[Key]) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("# Seals the credentials in Postroom's database. Back it up, apart from the database.\n")
        file.writelines(key.line() + "\n" for key in keys)
        file.flush()
        os.fsync(descriptor)
    return draft
