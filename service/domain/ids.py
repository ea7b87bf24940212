"""Identifiers made before the row they name, because they are bound into its ciphertext."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): unguessable, and in order of creation so that indexes stay compact.

    The leading 48 bits are this machine's milliseconds; nothing may read them as a fact's time.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
