"""Where inbound requests wait, sealed and flushed to disk, while the database is away.

The file is allocated whole when it is made, so that a full disk cannot stop it. It begins with the number of
the round; its records follow: a mark, the length and checksum of the sealed text, the sealed text. The first
record with an empty mark is the end. A new round begins once every record is done. Several processes of one
machine share a file under its lock.
"""

import errno
import fcntl
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from service.store.crypto import Vault

SIZE: Final = 16 * 1024 * 1024
"""Bytes: some forty thousand texts, more than the country's clinics send in a week."""

_ROUND: Final = struct.Struct(">Q")
_HEAD: Final = struct.Struct(">cII")
_EMPTY: Final = b"\0"
_WAITING: Final = b"W"
_DONE: Final = b"D"
_PURPOSE: Final = "spool"


class SpoolFull(Exception):
    """There is no room left; the request must not be called taken."""


class SpoolUnusable(Exception):
    """The spool's folder cannot be written; the service must not start without it."""


class Spool:
    """``put`` returns once the text is on disk; ``drain`` hands the texts on, one process at a time.

    Whoever drains may be killed after handing a text on, so the same text may be handed on twice.
    """

    def __init__(self, path: Path, vault: Vault, size: int = SIZE) -> None:
        self._vault = vault
        self._size = size
        self._threads = Lock()
        self._known_end = (0, _ROUND.size)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._turn = os.open(path.with_suffix(".turn"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with self._locked():
                if os.fstat(self._file).st_size < size:
                    os.posix_fallocate(self._file, 0, size)
                    os.fsync(self._file)
        except OSError as error:
            raise SpoolUnusable(f"Cannot write the spool {path}: {error.strerror}.") from None

    def put(self, text: str) -> None:
        """Keep a text. Raises ``SpoolFull``, or ``OSError`` if the disk does not take it."""
        sealed = self._vault.wrap(_PURPOSE, text)
        record = _HEAD.pack(_WAITING, len(sealed), zlib.crc32(sealed)) + sealed
        with self._locked():
            number, end = self._end()
            if end + len(record) + _HEAD.size > self._size:
                raise SpoolFull
            # The mark of the next record is cleared with this one: an old round may have left one there.
            self._write(record + _HEAD.pack(_EMPTY, 0, 0), end)
            self._known_end = (number, end + len(record))

    def drain(self, hand_on: Callable[[str], bool]) -> int:
        """Hand on the texts that wait, in the order in which they came; how many are done.

        A text stays for the next round if ``hand_on`` says that it is not done; an exception ends this one.
        """
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        try:
            with self._locked():
                places = [place for place, mark, _ in self._records() if mark == _WAITING]
            done = 0
            for place in places:
                if hand_on(self._text(place)):
                    self._forget(place)
                    done += 1
            self._begin_round()
            return done
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def _forget(self, place: int) -> None:
        with self._locked():
            self._write(_DONE, place)

    def _begin_round(self) -> None:
        """Make room again, once every record is done."""
        with self._locked():
            if all(mark == _DONE for _, mark, _ in self._records()):
                self._write(_ROUND.pack(self._round() + 1) + _HEAD.pack(_EMPTY, 0, 0), 0)

    def _write(self, piece: bytes, place: int) -> None:
        """Write all of it, and see it on the disk; the system may take a part and call that a success."""
        if os.pwrite(self._file, piece, place) != len(piece):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fdatasync(self._file)

    def count(self) -> int:
        """How many texts wait."""
        with self._locked():
            return sum(mark == _WAITING for _, mark, _ in self._records())

    def close(self) -> None:
        os.close(self._file)
        os.close(self._turn)

    def _text(self, place: int) -> str:
        _, length, _ = _HEAD.unpack(os.pread(self._file, _HEAD.size, place))
        return self._vault.unwrap(_PURPOSE, os.pread(self._file, length, place + _HEAD.size))

    def _round(self) -> int:
        (number,) = _ROUND.unpack(os.pread(self._file, _ROUND.size, 0))
        return int(number)

    def _end(self) -> tuple[int, int]:
        """The round and where its next record goes; another process may have gone on where this one was."""
        number, (known_round, end) = self._round(), self._known_end
        if number != known_round:
            end = _ROUND.size
        for place, _, size in self._records(end):
            end = place + size
        return number, end

    def _records(self, start: int = _ROUND.size) -> Iterator[tuple[int, bytes, int]]:
        """Place, mark and size of each whole record. One torn by a power cut was never promised: the end."""
        place = start
        while place + _HEAD.size <= self._size:
            mark, length, checksum = _HEAD.unpack(os.pread(self._file, _HEAD.size, place))
            if mark == _EMPTY:
                return
            sealed = os.pread(self._file, length, place + _HEAD.size)
            if len(sealed) != length or zlib.crc32(sealed) != checksum:
                return
            yield place, mark, _HEAD.size + length
            place += _HEAD.size + length

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Against other threads, and against the other processes of this machine."""
        with self._threads:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
