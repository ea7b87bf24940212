"""The web server in the process: what it takes, how long it waits, and how it ends."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import requests

from handlers.app import LARGEST_BODY
from handlers.cli import serving
from handlers.cli.answers import NotSo

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def echo(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """The length of the body, and for whom it was asked."""
    body = environment["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain")])
    return [f"{len(body)} {environment['REMOTE_ADDR']}".encode()]


@dataclass(frozen=True)
class Served:
    port: int
    stop: Event
    thread: Thread

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)


@contextmanager
def served(app: "WSGIApplication", seconds_to_ask: int = 15) -> Iterator[Served]:
    stop = Event()
    with serving.listening("127.0.0.1", 0) as listener:
        thread = Thread(target=serving.answer, args=(app, listener, stop, 4, seconds_to_ask))
        thread.start()
        try:
            yield Served(listener.getsockname()[1], stop, thread)
        finally:
            stop.set()
            thread.join()


def test_a_body_of_64_kib_is_taken_and_a_longer_one_is_not_read() -> None:
    with served(echo) as server:
        taken = requests.post(server.url, data=b"x" * LARGEST_BODY, timeout=10)
        assert (taken.status_code, taken.text.split()[0]) == (200, str(LARGEST_BODY))
        assert requests.post(server.url, data=b"x" * (LARGEST_BODY + 1), timeout=10).status_code == 413


def test_a_long_body_of_unknown_length_is_cut_off() -> None:
    pieces = (b"x" * 1024 for _ in range(LARGEST_BODY // 1024 + 2))
    with served(echo) as server:
        assert requests.post(server.url, data=pieces, timeout=10).status_code == 413


def test_a_long_head_is_refused() -> None:
    with served(echo) as server:
        answer = requests.get(server.url, headers={"X-Long": "x" * serving.LARGEST_HEADERS}, timeout=10)
        assert answer.status_code == 431


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"Content-Length:\r\n 0\r\n\r\n",
        b"Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
    ],
)
def test_what_two_servers_might_read_differently_is_refused_with_all_behind_it(framing: bytes) -> None:
    with served(echo) as server, server.connect() as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + framing + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        said = line.makefile("rb").read()
        assert said.split()[1] == b"400"
        assert said.count(b"HTTP/1.") == 1


def test_only_a_proxy_on_this_machine_says_for_whom_it_asks() -> None:
    with served(echo) as server:
        forwarded = requests.get(server.url, headers={"X-Forwarded-For": "192.0.2.7"}, timeout=10)
        assert forwarded.text == "0 192.0.2.7"
        assert requests.get(server.url, timeout=10).text == "0 127.0.0.1"


@pytest.mark.parametrize(
    "asked", [b"GET / HTTP/1.1\r\nX-Slow: ", b"POST / HTTP/1.1\r\nContent-Length: 999\r\n\r\n"]
)
def test_a_request_that_trickles_in_is_given_up(asked: bytes) -> None:
    with served(echo, seconds_to_ask=1) as server, server.connect() as slow:
        slow.sendall(asked)
        slow.settimeout(0.2)
        began = monotonic()
        while not _has_hung_up(slow) and monotonic() - began < 20:
            pass
        assert monotonic() - began < 10


def _has_hung_up(slow: socket.socket) -> bool:
    """Send one more byte, and see whether the other side is still there."""
    try:
        slow.sendall(b"x")
        return slow.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_trickling_requests_keep_nobody_else_waiting() -> None:
    with served(echo) as server:
        slow = [server.connect() for _ in range(20)]
        for connection in slow:
            connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 999\r\n\r\nx")
        assert requests.get(server.url, timeout=5).status_code == 200
        for connection in slow:
            connection.close()


def test_what_was_asked_before_the_end_is_answered() -> None:
    asked, go_on = Event(), Event()

    def slowly(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        asked.set()
        go_on.wait(10)
        return echo(environment, start)

    with served(slowly) as server, server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert asked.wait(10)
        server.stop.set()
        go_on.set()
        assert connection.makefile("rb").read().startswith(b"HTTP/1.0 200 OK")
        server.thread.join(10)
        assert not server.thread.is_alive()


@pytest.mark.parametrize(
    ("host", "said"),
    [("127.0.0.1", "is in use"), ("host.invalid", "no address")],
)
def test_a_place_that_cannot_be_had_is_told(host: str, said: str) -> None:
    with (
        serving.listening("127.0.0.1", 0) as taken,
        pytest.raises(NotSo, match=said),
        serving.listening(host, taken.getsockname()[1]),
    ):
        pass


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:{}"), ("0.0.0.0", "http://localhost:{}"), ("::1", "http://[::1]:{}")],
)
def test_the_address_can_be_opened_in_a_browser(host: str, address: str) -> None:
    with serving.listening(host, 0) as listener:
        assert serving.address(host, listener) == address.format(listener.getsockname()[1])
