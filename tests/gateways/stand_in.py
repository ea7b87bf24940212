"""A stand-in for a provider on loopback, over real sockets, that can fail in every way of a network.

It, and not the program under test, knows what was accepted: each acceptance is written down before the
answer begins. For other processes: ``python -m tests.gateways.stand_in --log FILE --mode ok:98,stall:2``
prints its address and serves until it is killed.
"""

import argparse
import json
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from tests.gateways.dialects import AFRICASTALKING, DIALECTS, Dialect
from tests.gateways.faults import MODES, OK, Answering, Choose, Manner, mixed


@dataclass(frozen=True)
class Sent:
    """A text that was handed in, and the connection over which it came (numbered from 1)."""

    number: str
    text: str = field(repr=False)
    sender: str
    provider_id: str
    connection: int


class StandIn:
    """``choose`` and ``dialect`` may be replaced at any time. ``accepted`` and ``asked`` grow in the order of
    arrival. What is asked by GET is answered as chosen, and accepts nothing."""

    def __init__(
        self,
        choose: Choose = OK,
        log: Path | None = None,
        port: int = 0,
        dialect: Dialect = AFRICASTALKING,
    ) -> None:
        self.choose = choose
        self.dialect = dialect
        self.accepted: list[Sent] = []
        self.asked: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.connections = 0
        self.stopping = Event()
        self._log = log
        self._lock = Lock()
        self._server = _Server(("127.0.0.1", port), self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()

    def hang_up(self) -> None:
        """Close every connection that is open, as servers do with idle ones."""
        self._server.hang_up()

    def connected(self) -> int:
        with self._lock:
            self.connections += 1
            return self.connections

    def take(self, form: dict[str, str], headers: dict[str, str], connection: int) -> tuple[Answering, str]:
        """What to answer, and the id under which the text was accepted, if it was; written down by then."""
        with self._lock:
            answering = self.choose(form)
            self.asked.append(form)
            self.headers.append(headers)
            provider_id = f"{self.dialect.ids}{uuid4().hex}"
            if answering.accepts:
                self._accept(form, provider_id, connection)
            return answering, provider_id

    def look_up(self, query: dict[str, str], headers: dict[str, str]) -> Answering:
        with self._lock:
            self.asked.append(query)
            self.headers.append(headers)
            return self.choose(query)

    def _accept(self, form: dict[str, str], provider_id: str, connection: int) -> None:
        number, text, sender = (form.get(name, "") for name in self.dialect.names)
        sent = Sent(number, text, sender, provider_id, connection)
        self.accepted.append(sent)
        if self._log:
            with self._log.open("a") as log:
                log.write(json.dumps(asdict(sent)) + "\n")


@contextmanager
def serving(
    choose: Choose = OK, log: Path | None = None, dialect: Dialect = AFRICASTALKING
) -> Iterator[StandIn]:
    """A stand-in that serves from a thread until the block ends."""
    stand_in = StandIn(choose, log, dialect=dialect)
    thread = Thread(target=stand_in.serve)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.stop()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], stand_in: StandIn) -> None:
        self.stand_in = stand_in
        self.open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def hang_up(self) -> None:
        for connection in tuple(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side was faster

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that goes away in the middle is what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write for the head and body, or Nagle's algorithm costs 40 ms

    server: _Server
    connection: socket.socket

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)
        if self.server.stand_in.stopping.is_set():
            self.server.hang_up()
        self.number = self.server.stand_in.connected()

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        if len(body.encode()) < length:
            self.close_connection = True  # the caller went away in the middle of its request
            return
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        answering, provider_id = self.server.stand_in.take(form, dict(self.headers), self.number)
        self.server.stand_in.stopping.wait(answering.after_s)
        document = self.server.stand_in.dialect.document
        content = (answering.body or document(form, answering.code, provider_id)).encode()
        self._say(answering, content)

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        asked = {name: values[0] for name, values in query.items()}
        answering = self.server.stand_in.look_up(asked, dict(self.headers))
        self._say(answering, answering.body.encode())

    def _say(self, answering: Answering, content: bytes) -> None:
        match answering.manner:
            case Manner.SILENT | Manner.CLOSED as manner:
                self.server.stand_in.stopping.wait(None if manner is Manner.SILENT else 0)
                self.close_connection = True
            case Manner.RESET:
                self._reset()
            case _:
                self._speak(answering, content)

    def _speak(self, answering: Answering, content: bytes) -> None:
        match answering.manner:
            case Manner.CHUNKED:
                self._head(answering, "Transfer-Encoding", "chunked")
                self.wfile.write(b"".join(b"1\r\n%c\r\n" % byte for byte in content) + b"0\r\n\r\n")
            case Manner.HALF:
                self._head(answering, "Content-Length", str(len(content)))
                self.wfile.write(content[: len(content) // 2])
                self.close_connection = True
            case Manner.DRIP:
                self._head(answering, "Content-Length", str(10**6))
                self._drip()
            case _:
                self._head(answering, "Content-Length", str(len(content)))
                self.wfile.write(content)

    def _head(self, answering: Answering, framing: str, value: str) -> None:
        self.send_response_only(answering.status)
        for header in (*answering.headers, (framing, value)):
            self.send_header(*header)
        self.end_headers()

    def _drip(self) -> None:
        while not self.server.stand_in.stopping.wait(0.05):
            self.wfile.write(b" ")
            self.wfile.flush()

    def _reset(self) -> None:
        """With a linger time of zero, closing sends RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep the terminal for the program under test."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Stand in for the SMS provider.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, help="a line of JSON for each accepted text")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mode", default="ok", help=f"weights such as ok:98,stall:2; of {', '.join(MODES)}")
    parser.add_argument("--dialect", choices=DIALECTS, default="africastalking")
    given = parser.parse_args(arguments)
    weights = {
        mode: int(weight or 1) for mode, _, weight in (m.partition(":") for m in given.mode.split(","))
    }
    stand_in = StandIn(mixed(weights, given.seed), given.log, given.port, DIALECTS[given.dialect])
    print(stand_in.url, flush=True)  # noqa: T201
    stand_in.serve()


if __name__ == "__main__":
    main()
