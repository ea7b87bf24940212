"""What other systems may be told as it happens; codes and ids only, so that a reader learns of nobody."""

from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit


class Event(StrEnum):
    MESSAGE_DELIVERED = "message.delivered"
    MESSAGE_FAILED = "message.failed"
    CLIENT_STOPPED = "client.stopped"
    VISIT_CONFIRMED = "visit.confirmed"
    TASK_OPENED = "task.opened"
    TASK_CLOSED = "task.closed"
    DANGER = "danger.reported"
    TEST = "test.sent"


NOUNS: Final = {
    Event.MESSAGE_DELIVERED: "message",
    Event.MESSAGE_FAILED: "message",
    Event.CLIENT_STOPPED: "consent",
    Event.VISIT_CONFIRMED: "visit",
    Event.TASK_OPENED: "task",
    Event.TASK_CLOSED: "task",
    Event.DANGER: "task",
    Event.TEST: "test",
}
"""What the id in the news names, under which the API tells more to whoever may know it."""

CHOSEN: Final = tuple(event for event in Event if event is not Event.TEST)
"""What a webhook may ask for."""

WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Before each further try, as the Standard Webhooks specification proposes; given up after three days."""

Address = IPv4Address | IPv6Address

_NAT64: Final = 0x64FF9B << 96


def url_fault(url: str, *, here_too: bool) -> str | None:
    """Why nothing can be sent to an address. ``here_too``: it may be on this machine, and plain HTTP."""
    try:
        parts = urlsplit(url)
        port_is_odd = parts.port == 0
    except ValueError:
        return "This is no address."
    secure = parts.scheme == "https" or (here_too and parts.scheme == "http")
    if not secure or not parts.hostname or port_is_odd:
        return "Write an address that begins with https://."
    if parts.username or parts.password or parts.fragment or not url.isascii() or not url.isprintable():
        return "Write the address without a user, a password, a fragment, spaces and other alphabets."
    try:
        literal = ip_address(parts.hostname)
    except ValueError:
        return None
    return None if may_reach(literal, here_too=here_too) else "This address is of a private network."


def may_reach(address: Address, *, here_too: bool) -> bool:
    """Whether news may go to an address: not into the network in which the service itself stands."""
    inner = _within(address)
    if inner.is_loopback:
        return here_too
    return inner.is_global and not inner.is_multicast


def _within(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, if it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if int(address) >> 32 == _NAT64 >> 32:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
