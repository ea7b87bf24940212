"""An operator's message centre on loopback: as much of SMPP 3.4 as a link to a gateway needs."""

import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final

from gsm0338 import Codec

_HEAD: Final = struct.Struct(">IIII")
_RESPONSE: Final = 0x80000000
_BINDS: Final = {0x01, 0x02, 0x09}
_SUBMIT: Final = 0x04
_DELIVER: Final = 0x05
_GONE: Final = {0x06}
_RECEIPT: Final = 0x04
_HEADER_INSIDE: Final = 0x40
_INTERNATIONAL: Final = b"\x01\x01"

GSM: Final = 0x00
UCS2: Final = 0x08


@dataclass(frozen=True)
class Submitted:
    """A text, or a part of one, as the operator gets it; ``reported`` if a receipt is wanted."""

    sender: str
    to: str
    to_type: int
    coding: int
    validity: str
    octets: bytes = field(repr=False)
    joined: bool
    reported: bool

    @property
    def text(self) -> str:
        octets = self.octets[self.octets[0] + 1 :] if self.joined else self.octets
        return read(octets, self.coding)


@dataclass(frozen=True)
class Fate:
    """What becomes of a text: refused with an error ``status``, or taken and reported in these ``words``.

    ``state`` is the ``message_state`` that newer centres send along.
    """

    status: int = 0
    words: Sequence[str] = ("DELIVRD",)
    state: int | None = None


DELIVERED: Final = Fate()
Deciding = Callable[[Submitted], Fate]


def written(text: str, coding: int) -> bytes:
    return text.encode("utf-16-be") if coding == UCS2 else bytes(Codec().encode(text)[0])


def read(octets: bytes, coding: int) -> str:
    return octets.decode("utf-16-be") if coding == UCS2 else str(Codec().decode(octets)[0])


class MessageCentre:
    """Serves one link. ``fate`` may be replaced at any time; ``submitted`` are the texts that it took."""

    def __init__(self) -> None:
        self.begin_anew()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._link: socket.socket | None = None
        self._writing = Lock()
        self._numbers = count(1)

    def begin_anew(self) -> None:
        self.fate: Deciding = lambda _: DELIVERED
        self.submitted: SimpleQueue[Submitted] = SimpleQueue()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def serve(self) -> None:
        while True:
            try:
                self._link, _ = self._listener.accept()
                with self._link, self._link.makefile("rb") as said:
                    self._talk(said.read)
            except OSError:
                return

    def stop(self) -> None:
        """Only once the link is closed from the other side."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def phone_sends(
        self, number: str, text: str, coding: int = GSM, number_type: bytes = _INTERNATIONAL
    ) -> None:
        """A phone texts our short code."""
        self._deliver(number, written(text, coding), coding, 0, number_type)

    def phone_sends_in_parts(self, number: str, parts: Sequence[str]) -> None:
        for place, part in enumerate(parts, 1):
            header = bytes((5, 0, 3, 77, len(parts), place))
            self._deliver(number, header + written(part, GSM), GSM, _HEADER_INSIDE)

    # --- the protocol --------------------------------------------------------------------------------

    def _talk(self, take: Callable[[int], bytes]) -> None:
        while head := take(_HEAD.size):
            length, command, _, number = _HEAD.unpack(head)
            body = take(length - _HEAD.size)
            if command == _SUBMIT:
                self._submit(number, body)
            elif command < _RESPONSE:
                self._say(command | _RESPONSE, number, b"centre\0" if command in _BINDS else b"")
            if command in _GONE:
                return

    def _submit(self, number: int, body: bytes) -> None:
        submitted = _read_submit(body)
        fate = self.fate(submitted)
        if fate.status:
            self._say(_SUBMIT | _RESPONSE, number, b"", fate.status)
            return
        self.submitted.put(submitted)
        name = f"M{next(self._numbers)}"
        self._say(_SUBMIT | _RESPONSE, number, name.encode() + b"\0")
        for words in fate.words if submitted.reported else ():
            self._report(submitted, name, words, fate.state)

    def _report(self, submitted: Submitted, name: str, words: str, state: int | None) -> None:
        text = (
            f"id:{name} sub:001 dlvrd:001 submit date:2611230800 done date:2611230801 "
            f"stat:{words} err:000 text:{submitted.text[:20]}"
        )
        further = _field(0x001E, name.encode() + b"\0") + _field(0x0427, bytes((state,))) if state else b""
        self._deliver(submitted.to, text.encode("ascii", "replace"), GSM, _RECEIPT, further=further)

    def _deliver(
        self,
        number: str,
        octets: bytes,
        coding: int,
        kind: int,
        number_type: bytes = _INTERNATIONAL,
        further: bytes = b"",
    ) -> None:
        body = (
            b"\0" + number_type + number.encode() + b"\0" + b"\x03\x01" + b"32100\0"
            + bytes((kind, 0, 0)) + b"\0\0" + bytes((0, 0, coding, 0, len(octets))) + octets + further
        )  # fmt: skip
        self._say(_DELIVER, 1000 + next(self._numbers), body)

    def _say(self, command: int, number: int, body: bytes, status: int = 0) -> None:
        assert self._link
        with self._writing:
            self._link.sendall(_HEAD.pack(_HEAD.size + len(body), command, status, number) + body)


def _field(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def _read_submit(body: bytes) -> Submitted:
    _, rest = body.split(b"\0", 1)
    sender, rest = rest[2:].split(b"\0", 1)
    to_type, (to, rest) = rest[0], rest[2:].split(b"\0", 1)
    kind, rest = rest[0], rest[3:]
    _, validity, rest = rest.split(b"\0", 2)
    reported, _, coding, _, length = rest[:5]
    return Submitted(
        sender=sender.decode(),
        to=to.decode(),
        to_type=to_type,
        coding=coding,
        validity=validity.decode(),
        octets=rest[5 : 5 + length],
        joined=bool(kind & _HEADER_INSIDE),
        reported=bool(reported),
    )


@contextmanager
def serving() -> Iterator[MessageCentre]:
    """A centre that serves from a thread until the block ends."""
    centre = MessageCentre()
    thread = Thread(target=centre.serve)
    thread.start()
    try:
        yield centre
    finally:
        centre.stop()
        thread.join()
