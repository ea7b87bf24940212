"""Bad callers at the real server's port, while good ones go on being served in time."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select

from service.store.models.messages import Inbound
from tests.resilience import wires
from tests.resilience.callers import Answer, Door, Stream, percentile
from tests.resilience.outcome import Figures, Outcome, judged
from tests.resilience.rig import Rig, Server, open_rig

GOOD_IN: Final = 1.0
"""Seconds within which 99 of 100 good callers must have their screen."""

HUGE: Final = 100 * 1024 * 1024
MOST_TAKEN: Final = 1024 * 1024
"""Bytes of a huge body that may be on their way (in the kernels' buffers) when the server hangs up."""

LONGEST_HANG: Final = 10.0
PIPELINED: Final = 20
MOST_GROWTH: Final = 20.0


def bad_callers(loris: int, seconds: float, calls: float, seed: int) -> Outcome:
    """``loris`` connections that send a byte now and then for ``seconds``, and everything in ``wires``."""
    with open_rig("") as rig:
        server = rig.server("serve")
        place = _place(server.door)
        before = _megabytes(server)
        with _good_callers(server.door, calls, seed) as good:
            with _slow_loris(place, loris):
                time.sleep(seconds)
            taken = max(_huge(place, framing) for framing in (b"Content-Length: %d" % HUGE, CHUNKED))
            hung = max(_seconds_to_the_end(place, said) for said in _bad())
            answered = _pipelined(place)
        outcome = _judged(rig, good, taken, hung, answered, _megabytes(server) - before, server.alive)
        server.stop()
        return outcome


CHUNKED: Final = b"Transfer-Encoding: chunked"


def _bad() -> list[bytes]:
    return [*wires.smuggled(), *wires.badly_chunked(), *wires.nonsense()]


def _place(door: Door) -> tuple[str, int]:
    address = urlsplit(door.address)
    return address.hostname or "", address.port or 0


@contextmanager
def _good_callers(door: Door, calls: float, seed: int) -> Iterator[list[Answer]]:
    with Stream(lambda n: door.dials(f"good-{seed}-{n}", f"+26659{n:06d}"), calls) as stream:
        yield stream.answers


@contextmanager
def _slow_loris(place: tuple[str, int], count: int) -> Iterator[None]:
    """Connections that are never done asking: half in the head, half in the body, two bytes a second."""
    lines = [socket.create_connection(place, 5) for _ in range(count)]
    heads = (wires.line("ussd"), wires.line("ussd") + b"Content-Length: 50000\r\n\r\n")
    with Stream(lambda n: _drip(lines, heads, n), 2):
        yield
    for line in lines:
        line.close()


def _drip(lines: list[socket.socket], heads: tuple[bytes, bytes], turn: int) -> Answer:
    for number, line in enumerate(lines):
        head = heads[number % 2]
        with suppress(OSError):
            line.sendall(head if turn == 0 else b"X")
    return Answer("", 0, "", 0)


def _huge(place: tuple[str, int], framing: bytes) -> int:
    """How many bytes of an endless body could be sent before the server hung up."""
    piece, sent = b"x" * 16384, 0
    with socket.create_connection(place, LONGEST_HANG) as line, suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, len(piece))
        line.sendall(wires.line("sms") + framing + b"\r\n\r\n")
        while sent < HUGE:
            line.sendall(b"4000\r\n" + piece + b"\r\n" if framing is CHUNKED else piece)
            sent += len(piece)
    return sent


def _seconds_to_the_end(place: tuple[str, int], said: bytes) -> float:
    """How long it took until the server had answered and hung up, or at least answered."""
    began = time.monotonic()
    with socket.create_connection(place, 20) as line, suppress(OSError):
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65536):
            pass
    return time.monotonic() - began


def _pipelined(place: tuple[str, int]) -> int:
    """How many of several calls that were asked in one breath were answered with a screen, in their order."""
    asked = [wires.dial(f"piped-{number}") for number in range(PIPELINED)]
    heard = b""
    with socket.create_connection(place, 20) as line, suppress(OSError):
        line.sendall(b"".join(asked))
        line.shutdown(socket.SHUT_WR)
        while piece := line.recv(65536):
            heard += piece
    return heard.count(b"\r\n\r\nCON ")


def _judged(
    rig: Rig, good: list[Answer], taken: int, hung: float, answered: int, grown: float, alive: bool
) -> Outcome:
    stored = rig.store.read(lambda tx: tx.connection.scalars(select(Inbound.external_id)).all())
    slow = percentile([answer.seconds for answer in good], 0.99)
    figures: Figures = {
        "bad requests": len(_bad()),
        "smuggled texts that were heard": len(stored),
        "bytes taken of 100 MB": taken,
        "longest hang s": round(hung, 1),
        "good calls": len(good),
        "of them answered with a screen": sum(answer.is_screen for answer in good),
        "p99 of good calls s": slow,
        "memory grew MB": round(grown, 1),
    }
    return judged(
        figures,
        {
            f"texts were smuggled in: {', '.join(sorted(stored))}": not stored,
            f"{taken} bytes of a huge body were taken": taken <= MOST_TAKEN,
            f"a bad request hung for {hung:.1f} s": hung <= LONGEST_HANG,
            f"{answered} of {PIPELINED} calls in one breath were answered": answered == PIPELINED,
            "a good call got no screen": all(answer.is_screen for answer in good),
            f"good calls waited {slow} s": slow <= GOOD_IN,
            f"memory grew by {grown:.1f} MB": grown <= MOST_GROWTH,
            "the server has ended": alive,
        },
    )


def _megabytes(server: Server) -> float:
    said = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(said.split("VmRSS:")[1].split()[0]) / 1024
