"""Identifiers made before the row they name, because they are bound into its ciphertext."""

import secrets
import time
from threading import Lock
from typing import Final
from uuid import UUID


class _Ticks:
    """The wall clock in 4096ths of a millisecond, later at every look, also within one and across threads."""

    def __init__(self) -> None:
        self._last, self._lock = 0, Lock()

    def next(self) -> int:
        with self._lock:
            self._last = max(self._last + 1, (time.time_ns() << 12) // 1_000_000)
            return self._last


_ticks: Final = _Ticks()


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562, method 3): unguessable, and in order of creation within one process.

    Facts of one transaction share their time, so it is this order that tells which was written first. The
    leading 48 bits are this machine's milliseconds; nothing may read them as a fact's time.
    """
    milliseconds, fraction = divmod(_ticks.next(), 1 << 12)
    in_order = (milliseconds & (1 << 48) - 1) << 16 | 0x7 << 12 | fraction
    return UUID(int=in_order << 64 | 0x2 << 62 | secrets.randbits(62))
