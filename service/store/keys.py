"""The key file: the only thing that can open the database, and never kept beside it."""

import base64
import json
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from service.store.disk import flush_folder, told

LOOK_EVERY: Final = 0.25
"""Seconds after which every process has noticed that its key file was changed."""

_FORMAT = "khopotso-keys-1"
_KEY_BYTES = 32
_KEY_ID = re.compile(r"[!-~]{1,64}")


class KeyFileError(Exception):
    """The key file cannot be used; the sentence says why and what to do."""


@dataclass(frozen=True)
class Key:
    """One generation of secrets: ``data`` seals columns, ``index`` finds them again."""

    id: str
    data: bytes = field(repr=False)
    index: bytes = field(repr=False)


@dataclass(frozen=True)
class KeyRing:
    """All generations in use, the newest first. The newest seals; every one may open."""

    keys: tuple[Key, ...]

    @property
    def newest(self) -> Key:
        return self.keys[0]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(key.id for key in self.keys)

    def named(self, key_id: str) -> Key:
        for key in self.keys:
            if key.id == key_id:
                return key
        raise KeyFileError(f"The key file lacks the key {key_id!r} that this database was written with.")


def make_key() -> Key:
    return Key(secrets.token_hex(4), secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_KEY_BYTES))


def create(path: Path, ring: KeyRing | None = None) -> KeyRing:
    """Write a key file readable by its owner only. Raises ``KeyFileError`` if one is there already."""
    ring = ring or KeyRing((make_key(),))
    try:
        _write_new(path, ring)
    except FileExistsError:
        raise KeyFileError(f"{path} exists already; a key file is never overwritten.") from None
    except OSError as error:
        raise KeyFileError(f"Cannot write {told(path, error)}") from None
    return ring


def _write_new(path: Path, ring: KeyRing) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(_as_json(ring), file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, ring: KeyRing) -> None:
    """Put other keys into a key file, whole or not at all; its owner stays. Raises ``KeyFileError``."""
    path = path.resolve()
    part = path.with_name(f"{path.name}.part")
    try:
        owner = path.stat()
        part.unlink(missing_ok=True)
        _write_new(part, ring)
        os.chown(part, owner.st_uid, owner.st_gid)
        part.rename(path)
        flush_folder(path.parent)
    except OSError as error:
        raise KeyFileError(
            f"Cannot change {path}: {error.strerror}. Its folder must be open to whoever runs this."
        ) from None


def load(path: Path) -> KeyRing:
    """Read a key file. Raises ``KeyFileError`` if it is missing, readable by others, or damaged."""
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise KeyFileError(
            f"There is no key file at {path}. Make one with: khopotso keys create {path}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"Cannot read the key file {path}: {error}.") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(f"The key file {path} is readable by others. Mend it with: chmod 600 {path}")
    try:
        return _from_json(json.loads(content))
    except (ValueError, KeyError, TypeError):
        raise KeyFileError(f"The key file {path} is damaged; restore it from its safe copy.") from None


def _as_json(ring: KeyRing) -> dict[str, object]:
    keys = [
        {
            "id": key.id,
            "data": base64.b64encode(key.data).decode(),
            "index": base64.b64encode(key.index).decode(),
        }
        for key in ring.keys
    ]
    return {"format": _FORMAT, "keys": keys}


def _from_json(content: Any) -> KeyRing:
    if content["format"] != _FORMAT or not content["keys"]:
        raise ValueError
    keys = tuple(
        Key(
            entry["id"],
            base64.b64decode(entry["data"], validate=True),
            base64.b64decode(entry["index"], validate=True),
        )
        for entry in content["keys"]
    )
    if not all(map(_is_whole, keys)) or len({key.id for key in keys}) < len(keys):
        raise ValueError
    return KeyRing(keys)


def _is_whole(key: Key) -> bool:
    return _KEY_ID.fullmatch(key.id) is not None and len(key.data) == len(key.index) == _KEY_BYTES


class KeyFile:
    """A key file as it stands: whoever rotates keys changes it while others work with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read()

    def ring(self) -> KeyRing:
        """The keys in the file, no older than ``LOOK_EVERY``."""
        if monotonic() >= self._look_at:
            self._look()
        return self._ring

    def replace(self, ring: KeyRing) -> None:
        replace(self.path, ring)
        self._read()

    def _look(self) -> None:
        self._look_at = monotonic() + LOOK_EVERY
        try:
            if _stamp(self.path) != self._stamp:
                self._read()
        except (OSError, KeyFileError):
            return  # a file that cannot be read just now takes nobody's keys away

    def _read(self) -> None:
        self._look_at = monotonic() + LOOK_EVERY
        # The stamp first: a file that is changed in between is read once more, and not overlooked.
        self._stamp = _stamp(self.path) if self.path.exists() else None
        self._ring = load(self.path)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns
