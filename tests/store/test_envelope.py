"""A sealed file cannot be cut, added to, turned round or mixed with another without being noticed."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.envelope import PIECE, BackupUnusable, new_header, read_header, seal, unseal
from service.store.keys import Key, KeyRing, make_key

NOW = datetime(2026, 11, 23, tzinfo=UTC)
KEY = make_key()
SEALED = PIECE + 16
PLAIN = Random(1).randbytes(3 * PIECE + 5000)


def sealed(plain: bytes, key: Key = KEY) -> tuple[bytes, bytes]:
    """The first line, and the pieces."""
    header = new_header(NOW, "0001", key)
    return header.line, b"".join(seal([plain], header, KeyRing((key,))))


def opened(line: bytes, pieces: bytes, key: Key = KEY) -> bytes:
    file = BytesIO(line + pieces)
    return b"".join(unseal(file, read_header(file), KeyRing((key,))))


def piece(pieces: bytes, number: int) -> bytes:
    return pieces[number * SEALED : (number + 1) * SEALED]


@given(st.lists(st.sampled_from([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE]).map(bytes), max_size=4))
def test_whatever_goes_in_comes_out(plain: list[bytes]) -> None:
    header = new_header(NOW, "0001", KEY)
    pieces = b"".join(seal(plain, header, KeyRing((KEY,))))
    assert opened(header.line, pieces) == b"".join(plain)


OTHERS = sealed(PLAIN)[1]
CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a byte is missing at the end": lambda pieces: pieces[:-1],
    "the last piece is missing": lambda pieces: pieces[: 3 * SEALED],
    "all pieces are missing": lambda _: b"",
    "a piece is missing in the middle": lambda pieces: pieces[:SEALED] + pieces[2 * SEALED :],
    "two pieces changed places": lambda pieces: (
        piece(pieces, 1) + piece(pieces, 0) + piece(pieces, 2) + piece(pieces, 3)
    ),
    "a piece comes twice": lambda pieces: pieces[:SEALED] + pieces,
    "a piece is from another file with the same key": lambda pieces: (
        piece(pieces, 0) + piece(OTHERS, 1) + pieces[2 * SEALED :]
    ),
    "something follows the end": lambda pieces: pieces + b"\0",
    "another file follows the end": lambda pieces: pieces + OTHERS,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_file_is_refused(change: Callable[[bytes], bytes]) -> None:
    line, pieces = sealed(PLAIN)
    assert opened(line, pieces) == PLAIN
    with pytest.raises(BackupUnusable, match="damaged"):
        opened(line, change(pieces))


def test_the_first_line_belongs_to_the_pieces() -> None:
    line, pieces = sealed(PLAIN)
    with pytest.raises(BackupUnusable, match="damaged"):
        opened(line.replace(b"0001", b"0002"), pieces)


def test_a_key_of_the_same_name_does_not_open_it() -> None:
    other = make_key()
    with pytest.raises(BackupUnusable, match="damaged"):
        opened(*sealed(PLAIN), key=Key(KEY.id, other.data, other.index))


def test_the_same_content_never_looks_the_same_twice() -> None:
    """Or two files would share a key and its nonces, which is fatal to this cipher."""
    first, second = sealed(PLAIN)[1], sealed(PLAIN)[1]
    assert not any(piece(first, number)[:16] == piece(second, number)[:16] for number in range(4))
