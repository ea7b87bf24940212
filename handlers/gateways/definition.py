"""What one line of ``GATEWAYS`` says, and what every gateway may be given or configured with."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Annotated, Final, Generic, TextIO, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from handlers.gateways.unsigned import Network
from service.ports import Gateway
from service.wording import shipped_gate

PostHome = Callable[[str, Mapping[str, str]], None]
"""Posts a form to a path of this service's own address, without making the caller wait."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~-]{1,200}")
_ORIGIN: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?"
)
_SENDER: Final = re.compile(r"[A-Za-z0-9 ._-]{1,11}|\+?[0-9]{3,15}")
_HEADER: Final = re.compile(r"[!-~]+")


def _split(written: object) -> object:
    if not isinstance(written, str):
        return written
    return tuple(item for item in (item.strip() for item in written.split(",")) if item)


def _networks(written: object) -> object:
    items = _split(written)
    if not isinstance(items, tuple):
        return items
    try:
        return tuple(ip_network(item) for item in items)
    except ValueError:
        raise ValueError("write addresses such as 192.0.2.7 or networks such as 192.0.2.0/24") from None


def _path_safe(token: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("a token is letters, digits and . _ ~ - only, because it is part of an address")
    return token


def _header_safe(secret: SecretStr) -> SecretStr:
    if not _HEADER.fullmatch(secret.get_secret_value()):
        raise ValueError("must be given, in plain letters, digits and signs without spaces")
    return secret


def _origin(written: str) -> str:
    found = _ORIGIN.fullmatch(written.rstrip("/"))
    if not found or int(found["port"] or 443) not in range(1, 65536):
        raise ValueError("write scheme, host and port only, such as https://api.example.org")
    if found["scheme"] == "http" and not _is_here(found["host"].strip("[]")):
        raise ValueError("plain http is for this machine only; write https://")
    return found[0]


def _sender(written: str) -> str:
    if not _SENDER.fullmatch(written):
        raise ValueError("write a short code, a number, or a name of at most 11 plain letters and digits")
    if not written.removeprefix("+").isdigit() and shipped_gate().name_fault(written):
        raise ValueError(
            "every phone would show this name, and it may disclose something; choose a neutral one"
        )
    return written


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


Networks = Annotated[tuple[Network, ...], BeforeValidator(_networks)]
Tokens = Annotated[tuple[Annotated[SecretStr, AfterValidator(_path_safe)], ...], BeforeValidator(_split)]
Secret = Annotated[SecretStr, AfterValidator(_header_safe)]
Secrets = Annotated[tuple[Secret, ...], BeforeValidator(_split), Field(min_length=1)]
Sender = Annotated[str, AfterValidator(_sender)]
BaseUrl = Annotated[
    str,
    BeforeValidator(lambda url: url.strip().rstrip("/") if isinstance(url, str) else url),
    AfterValidator(_origin),
]


class GatewaySettings(BaseModel):
    """A field is the environment's name after ``KHOPOTSO_<GATEWAY>_`` in lower case.

    ``tps`` is how many texts a second the provider takes from one account.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )

    tps: float = Field(default=10, gt=0, le=1000)


@dataclass(frozen=True)
class Patience:
    """Seconds that a provider is given to connect, to say its next byte, and to finish its answer.

    The first two lie just above multiples of 3, after which TCP repeats a lost segment. A connection that
    was ``idle`` for longer is not used again.
    """

    connect: float = 3.05
    read: float = 9.05
    whole: float = 12.0
    idle: float = 20.0


@dataclass(frozen=True)
class Surroundings:
    """What a gateway gets besides its settings. ``post_home`` is ``None`` where nothing listens.

    ``public_url`` is scheme, host and port where providers reach this service; empty where nobody said.
    """

    terminal: TextIO
    post_home: PostHome | None = None
    patience: Patience = Patience()
    public_url: str = ""


S = TypeVar("S", bound=GatewaySettings)


def _nothing(_: GatewaySettings) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Definition(Generic[S]):
    """One provider: its name in settings and paths, its settings, and how it is built from them.

    ``unsafe`` says why these settings must not meet real people; ``advice`` what would be better.
    """

    name: str
    settings: type[S]
    build: Callable[[S, Surroundings], Gateway]
    unsafe: Callable[[S], tuple[str, ...]] = _nothing
    advice: Callable[[S], tuple[str, ...]] = _nothing
