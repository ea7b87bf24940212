"""A sealed file: a line in clear, and pieces that cannot be read, changed, moved or left out unnoticed.

Each file has a key of its own, derived from one of the key ring and a random salt. Each piece is bound to the
first line, to its number, and to whether it is the last.
"""

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.store.keys import Key, KeyRing

PIECE: Final = 64 * 1024
"""Bytes before sealing."""

_FORMAT: Final = "khopotso-backup-1"
_TAG: Final = 16
_SALT: Final = 32
_LONGEST_HEADER: Final = 4096


class BackupUnusable(Exception):
    """The backup cannot be written or read; the sentence says why and what to do."""


@dataclass(frozen=True)
class Header:
    """What the file says in clear, and the line that says it, to the letter.

    ``created_at`` is the moment that the file shows, aware, UTC.
    """

    line: bytes
    created_at: datetime
    revision: str
    key_id: str
    salt: bytes


def new_header(created_at: datetime, revision: str, key: Key) -> Header:
    content = {
        "format": _FORMAT,
        "created_at": created_at.isoformat(),
        "schema": revision,
        "key": key.id,
        "salt": secrets.token_hex(_SALT),
    }
    return _header(json.dumps(content).encode() + b"\n")


def read_header(file: BinaryIO) -> Header:
    """The first line; the file is left at the pieces. Raises ``BackupUnusable``."""
    try:
        return _header(file.readline(_LONGEST_HEADER))
    except (ValueError, KeyError, TypeError):
        raise BackupUnusable("This is no backup that this version of Khopotso can read.") from None


def _header(line: bytes) -> Header:
    content = json.loads(line)
    if content["format"] != _FORMAT:
        raise ValueError
    return Header(
        line=line,
        created_at=datetime.fromisoformat(content["created_at"]),
        revision=str(content["schema"]),
        key_id=str(content["key"]),
        salt=bytes.fromhex(content["salt"]),
    )


def seal(plain: Iterable[bytes], header: Header, ring: KeyRing) -> Iterator[bytes]:
    """The pieces of a file, whatever the lengths in which the plain bytes come."""
    cipher = _cipher(header, ring)
    for number, (piece, is_last) in enumerate(_pieces(plain)):
        yield cipher.encrypt(_nonce(number, is_last), piece, header.line)


def unseal(file: BinaryIO, header: Header, ring: KeyRing) -> Iterator[bytes]:
    """The plain bytes behind the header. Raises ``BackupUnusable`` where they are not as written."""
    cipher = _cipher(header, ring)
    number, piece = 0, file.read(PIECE + _TAG)
    while piece or number == 0:
        following = file.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), piece, header.line)
        except InvalidTag:
            raise BackupUnusable(
                "The backup is damaged or was altered; nothing of it was used. Take another copy of it."
            ) from None
        number, piece = number + 1, following


def _cipher(header: Header, ring: KeyRing) -> AESGCM:
    key = next((key for key in ring.keys if key.id == header.key_id), None)
    if key is None:
        raise BackupUnusable(
            f"The key file is not the one of this backup: it lacks the key {header.key_id!r}. "
            "Use the key file of the service that wrote the backup."
        )
    derive = HKDF(algorithm=SHA256(), length=32, salt=header.salt, info=b"khopotso|backup")
    return AESGCM(derive.derive(key.data))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _pieces(plain: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in pieces of one length, and whether each is the last, which may be shorter."""
    waiting = bytearray()
    for some in plain:
        waiting += some
        while len(waiting) > PIECE:
            yield bytes(waiting[:PIECE]), False
            del waiting[:PIECE]
    yield bytes(waiting), True
