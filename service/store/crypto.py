"""Sealed columns and blind indexes."""

import hashlib
import hmac
import secrets
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from sqlalchemy import Column
from sqlalchemy.orm import InstrumentedAttribute

from service.store.keys import KeyFile, KeyRing

_NONCE_BYTES = 12
_TAG_BYTES = 16
_Column = InstrumentedAttribute[bytes] | InstrumentedAttribute[bytes | None]


class Tampered(Exception):
    """A ciphertext that was altered, or moved from another row or column."""


class Vault:
    """Opens and seals column values, each bound to its table, column and row (AES-256-GCM).

    A sealed value is: length of the key's id, the id, the nonce, the ciphertext with its tag.
    """

    def __init__(self, ring: KeyRing | KeyFile) -> None:
        self._keys = ring
        self._subkey = lru_cache(maxsize=64)(_derive)

    @property
    def ring(self) -> KeyRing:
        """The keys in use just now."""
        return self._keys.ring() if isinstance(self._keys, KeyFile) else self._keys

    def seal(self, column: _Column, row: UUID, text: str) -> bytes:
        return self._encrypt(text, _place(column, row))

    def seal_if(self, column: _Column, row: UUID, text: str | None) -> bytes | None:
        return None if text is None else self.seal(column, row, text)

    def open(self, column: _Column, row: UUID, sealed: bytes) -> str:
        """The text of a sealed value. Raises ``Tampered``, or ``KeyFileError`` if its key is missing."""
        return self._decrypt(sealed, _place(column, row))

    def open_if(self, column: _Column, row: UUID, sealed: bytes | None) -> str | None:
        return None if sealed is None else self.open(column, row, sealed)

    def seal_anew(self, column: Column[bytes], row: UUID, sealed: bytes) -> bytes:
        """The same text under the newest key; raises as ``open`` does."""
        place = f"{column.table.name}|{column.key}|{row}".encode()
        return self._encrypt(self._decrypt(sealed, place), place)

    @property
    def head(self) -> bytes:
        """What every value begins with that the newest key sealed."""
        return _head(self.ring.newest.id)

    def index(self, purpose: str, value: str) -> bytes:
        """The blind index of a value under the newest key."""
        return self._mac(self.ring.newest.index, purpose, value)

    def indexes(self, purpose: str, value: str) -> tuple[bytes, ...]:
        """The blind index under every key, because a row may not have been rotated yet."""
        return tuple(self._mac(key.index, purpose, value) for key in self.ring.keys)

    def mac(self, purpose: str, value: str) -> bytes:
        """A keyed hash for comparing a value with one seen before, such as the history of a dialogue."""
        return self._mac(self.ring.newest.index, purpose, value)

    def wrap(self, purpose: str, text: str) -> bytes:
        """Seal a text that stands in no column, such as a line of the spool, bound to its purpose."""
        return self._encrypt(text, purpose.encode())

    def unwrap(self, purpose: str, wrapped: bytes) -> str:
        """Open what ``wrap`` sealed for the same purpose; raises as ``open`` does."""
        return self._decrypt(wrapped, purpose.encode())

    def _encrypt(self, text: str, place: bytes) -> bytes:
        key = self.ring.newest
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = AESGCM(key.data).encrypt(nonce, text.encode("utf-8", "surrogatepass"), place)
        return _head(key.id) + nonce + ciphertext

    def _decrypt(self, sealed: bytes, place: bytes) -> str:
        if len(sealed) < sum(sealed[:1]) + 1 + _NONCE_BYTES + _TAG_BYTES:
            raise Tampered(place.decode())
        split = 1 + sealed[0]
        key = self.ring.named(sealed[1:split].decode("ascii", "replace"))
        nonce, ciphertext = sealed[split : split + _NONCE_BYTES], sealed[split + _NONCE_BYTES :]
        try:
            opened = AESGCM(key.data).decrypt(nonce, ciphertext, place)
        except InvalidTag:
            raise Tampered(place.decode()) from None
        return opened.decode("utf-8", "surrogatepass")

    def _mac(self, key: bytes, purpose: str, value: str) -> bytes:
        return hmac.digest(self._subkey(key, purpose), value.encode("utf-8", "surrogatepass"), hashlib.sha256)


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=32, info=f"khopotso|{purpose}".encode()).derive(key)


def _head(key_id: str) -> bytes:
    return bytes([len(key_id)]) + key_id.encode("ascii")


def _place(column: _Column, row: UUID) -> bytes:
    return f"{column.class_.__tablename__}|{column.key}|{row}".encode()
