"""Keeps the tests on this machine: an audit hook that Python calls before each use of a socket."""

import ipaddress
import socket

import pytest

_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_RESOLVING = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


def refuse_the_world(event: str, arguments: tuple[object, ...]) -> None:
    """Fail the test that is about to look up or call a host that is not this one.

    A name under ``.invalid`` does not exist anywhere (RFC 6761), and is answered so without asking anybody.
    """
    if event in _CONNECTING:
        _refuse(_host_of(arguments[1]))
    elif event in _RESOLVING:
        host = _text(arguments[0])
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        _refuse(host)


def _host_of(address: object) -> str:
    """The host of an internet address; a Unix socket's path has none."""
    return _text(address[0]) if isinstance(address, tuple) else ""


def _text(host: object) -> str:
    return host.decode() if isinstance(host, bytes) else str(host or "")


def _refuse(host: str) -> None:
    if not _is_here(host):
        # Not an Exception, so that the code under test cannot swallow it.
        pytest.fail(f"a test reached out to {host!r}; only this machine may be called")


def _is_here(host: str) -> bool:
    if host in {"", "localhost", "0.0.0.0", "::"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
