"""The way out to other systems, which never leads into the network that the service itself stands in.

A name is looked up and judged at the moment of connecting, and the address that was judged is the one that is
connected to, so that a name which changes its mind in between gains nothing. Redirects are not followed.
"""

import socket
from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util.connection import create_connection

from service.domain.news import may_reach

PATIENCE: Final = Timeout(connect=2.0, read=5.0)
"""Short, because a worker that is told to stop finishes what it has begun within ten seconds."""


LookUp = Callable[[str, int], Sequence[str]]
"""The addresses that a host has at this moment. Raises ``OSError`` if it has none."""


class PrivateNetwork(Exception):
    """A name leads to a place where nothing may be sent. (The library would wrap an ``OSError``.)"""


def look_up(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[4][0]) for place in found]


class RoadCourier:
    """``here_too``: this machine may be told too, as in demonstrations. Safe to use from several threads."""

    def __init__(self, *, here_too: bool, look_up: LookUp = look_up) -> None:
        self._here_too = here_too
        self._far = _asking_once()
        self._far.pool_classes_by_scheme = _pools(here_too, look_up)
        self._anywhere = _asking_once()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        if not self._here_too and not url.startswith("https://"):
            return "plain_http"
        return _ask(self._far, "POST", url, body=body, headers=dict(headers))

    def fetch(self, url: str) -> str | None:
        """Only for an address out of the settings, which may well stand beside the service."""
        return _ask(self._anywhere, "GET", url)


def _asking_once() -> PoolManager:
    """Without retries it asks neither again nor elsewhere: a redirect is an answer like any other."""
    return PoolManager(timeout=PATIENCE, retries=False, maxsize=1)


def _ask(pools: PoolManager, method: str, url: str, **said: Any) -> str | None:
    """The answer's body is nobody's business, and is not read."""
    try:
        answer = pools.request(method, url, preload_content=False, **said)
    except PrivateNetwork:
        return "private_network"
    except (HTTPError, OSError, ValueError) as error:
        return type(error).__name__
    answer.close()
    return None if 200 <= answer.status < 300 else f"status_{answer.status}"


def _pools(here_too: bool, look_up: LookUp) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, here_too, look_up)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, here_too, look_up)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, here_too: bool, look_up: LookUp) -> socket.socket:
    """A socket to the first address of the host, if all of them may be reached. Raises ``PrivateNetwork``."""
    addresses = look_up(connection.host, connection.port)
    for address in addresses:
        if not may_reach(ip_address(address.partition("%")[0]), here_too=here_too):
            raise PrivateNetwork(connection.host)
    return create_connection((addresses[0], connection.port), PATIENCE.connect_timeout)
