"""One process that listens on a port, and works beside that if asked to, until it is told to stop."""

import errno
import logging
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import Any, Final
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
from waitress.server import BaseWSGIServer, create_server

from config import wiring
from handlers.app import LARGEST_BODY
from handlers.cli.parts import NotSo
from service.parts import Parts

THREADS: Final = 16
"""Requests that are worked on at one time; on SQLite those that write share their commits."""

LARGEST_HEADERS: Final = 32 * 1024
MOST_CONNECTIONS: Final = 400
SECONDS_TO_ASK: Final = 15
"""The time for a whole request to arrive, and for a kept-alive connection to ask again."""

CLEAN_UP_EVERY: Final = 5
SECONDS_TO_FINISH: Final = 5.0
_LOOK_UP_EVERY: Final = 0.25

Connections = dict[int, Any]
"""By file descriptor: the listener, the trigger, and a channel each. (The library's stubs say sockets.)"""

_PROXY_HERE: Final = "127.0.0.1"
"""A proxy on this machine may say for whom it asks; from anybody else such headers are dropped."""


@contextmanager
def working(parts: Parts, stop: Event) -> Iterator[None]:
    """The worker in a thread of its own. If it fails, ``stop`` is set, and the failure raised at the end."""
    with ThreadPoolExecutor(1, thread_name_prefix="khopotso-worker") as thread:
        work = thread.submit(wiring.run_worker, parts, stop)
        work.add_done_callback(lambda _: stop.set())
        try:
            yield
        finally:
            stop.set()
        work.result()


@contextmanager
def draining(parts: Parts, stop: Event) -> Iterator[None]:
    """Take in what waits in the spool of this machine, which has perhaps no worker that would."""
    thread = Thread(target=wiring.keep_draining, args=(parts, stop), name="khopotso-drain")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def serve(
    app: WSGIApplication,
    host: str,
    port: int,
    ready: Callable[[str], None],
    stop: Event,
    threads: int = THREADS,
) -> None:
    """Answer requests on a port until ``stop`` is set; then finish those in hand.

    ``ready`` is called once with the address, when the port listens. Raises ``NotSo`` if it cannot.
    """
    with listening(host, port) as listener:
        ready(address(host, listener))
        answer(app, listener, stop, threads)


def answer(
    app: WSGIApplication,
    listener: socket.socket,
    stop: Event,
    threads: int = THREADS,
    seconds_to_ask: int = SECONDS_TO_ASK,
) -> None:
    """Answer what comes in at ``listener``, which other processes may share, until ``stop`` is set."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of each request that waits
    connections: Connections = {}
    server = _server(app, connections, listener, threads, seconds_to_ask)
    while not stop.is_set():
        wasyncore.loop(_LOOK_UP_EVERY, use_poll=True, map=connections, count=1)
    _finish(server, connections)


def address(host: str, listener: socket.socket) -> str:
    """What to type into a browser on this machine."""
    port = listener.getsockname()[1]
    shown = "localhost" if host in {"", "0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens. Raises ``NotSo`` with what to do if the port cannot be had."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, place = found[0]
        listener = socket.create_server(place[:2], family=family)
    except OSError as error:
        raise NotSo(_why_not(error, host, port)) from None
    with listener:
        yield listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"This machine has no address {host}; choose another with --host."
    reasons = {
        errno.EADDRINUSE: f"Port {port} is in use; stop what uses it, or choose another with --port.",
        errno.EACCES: f"Only root may listen on port {port}; choose one above 1023 with --port.",
    }
    return reasons.get(error.errno or 0, f"Cannot listen on {host}:{port}: {error.strerror}.")


class _Strict(HTTPRequestParser):
    """Refuses a head that another server might read otherwise, or two requests could be taken for one."""

    def parse_header(self, header_plus: bytes) -> None:
        head = header_plus.lower()
        if b"\r\ntransfer-encoding:" in head and b"\r\ncontent-length:" in head:
            raise ParsingError("The length of the body is told twice")
        if b"\r\n " in head or b"\r\n\t" in head:
            raise ParsingError("A header goes on in the next line")
        try:
            super().parse_header(header_plus)
        except TransferEncodingNotImplemented as error:
            raise ParsingError(*error.args) from None


class _Impatient(HTTPChannel):
    """A request that trickles in counts as silence from its first byte on, so it cannot hold a connection."""

    parser_class = _Strict
    _began = 0.0

    def received(self, data: bytes) -> bool:
        arriving = self.request is not None
        taken = super().received(data)
        if arriving and self.request is not None:
            self.last_activity = self._began
        else:
            self._began = self.last_activity
        return taken


def _server(
    app: WSGIApplication,
    connections: Connections,
    listener: socket.socket,
    threads: int,
    seconds_to_ask: int,
) -> BaseWSGIServer:
    server = create_server(
        app,
        map=connections,
        sockets=[listener],
        threads=threads,
        ident=None,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=seconds_to_ask,
        cleanup_interval=min(seconds_to_ask, CLEAN_UP_EVERY),
        max_request_header_size=LARGEST_HEADERS,
        max_request_body_size=LARGEST_BODY + 1,  # the first size that is refused
        trusted_proxy=_PROXY_HERE,
        trusted_proxy_count=1,
        trusted_proxy_headers={"x-forwarded-for"},
    )
    assert isinstance(server, BaseWSGIServer), "one socket makes one server"
    server.channel_class = _Impatient
    return server


def _finish(server: BaseWSGIServer, connections: Connections) -> None:
    """Take no more connections, answer what was asked, and close."""
    server.accepting = False
    until = monotonic() + SECONDS_TO_FINISH
    while monotonic() < until and any(map(_is_busy, list(connections.values()))):
        wasyncore.loop(_LOOK_UP_EVERY, use_poll=True, map=connections, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(connections)


def _is_busy(connection: wasyncore.dispatcher) -> bool:
    return isinstance(connection, HTTPChannel) and bool(
        connection.request or connection.requests or connection.total_outbufs_len
    )
