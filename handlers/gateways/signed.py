"""The webhooks of a provider that signs the address it calls together with every field of the form it posts.

The signature is a keyed hash, in base 64, of the whole address and then of each name and its value, sorted.
A body that is no form takes part only through its own hash, which then stands in the address.
"""

import hmac
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

from service.ports import Unreadable, WebhookEvent, WebhookRequest

RequestReader = Callable[[WebhookRequest], WebhookEvent]

HASHES: Final = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
UNNAMED: Final = "HMAC_SHA1"
"""What a request is signed with whose headers do not name it."""

_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Scheme:
    """Where a request says it: two headers, and the field of the address that holds the body's hash."""

    signature: str
    settings: str
    body_hash: str


class SignedWebhooks:
    """One reader for each kind of webhook. Every key is good, so that keys can be changed."""

    signs = True

    def __init__(
        self, readers: Mapping[str, RequestReader], scheme: Scheme, keys: Iterable[SecretStr]
    ) -> None:
        self._readers = readers
        self._scheme = scheme
        self._keys = tuple(key.get_secret_value().encode() for key in keys)

    @property
    def hooks(self) -> tuple[str, ...]:
        return tuple(self._readers)

    def accepts_token(self, token: str) -> bool:  # noqa: ARG002 - no secret stands in these addresses
        return False

    def authentic(self, request: WebhookRequest) -> bool:
        """Every key is tried on every spelling, and whole, so that the time taken tells nothing."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        given = _bytes(headers.get(self._scheme.signature.lower(), ""))
        hashed_with = HASHES.get(_algorithm(headers.get(self._scheme.settings.lower(), "")))
        if hashed_with is None or not self._covers_body(request):
            return False
        good = [
            hmac.compare_digest(given, b64encode(hmac.digest(key, signed, hashed_with)))
            for key in self._keys
            for signed in _signed(request)
        ]
        return any(good)

    def read(self, request: WebhookRequest) -> WebhookEvent:
        read = self._readers.get(request.kind)
        return read(request) if read else Unreadable("a kind of webhook that this gateway does not have")

    def _covers_body(self, request: WebhookRequest) -> bool:
        """Without this a signature for an address alone would be good for whatever is posted to it."""
        if request.fields or not request.body:
            return True
        named = dict(parse_qsl(request.url.partition("?")[2])).get(self._scheme.body_hash, "")
        return hmac.compare_digest(_bytes(named), sha256(request.body).hexdigest().encode())


def _algorithm(settings: str) -> str:
    pairs = (item.partition("=") for item in settings.split(","))
    named = {name.strip(): value.strip() for name, _, value in pairs}
    return named.get("algorithm") or UNNAMED


def _signed(request: WebhookRequest) -> list[bytes]:
    fields = "".join(name + value for name, value in sorted(set(request.fields)))
    return [_bytes(url + fields) for url in _spellings(request.url)]


def _spellings(url: str) -> tuple[str, str]:
    """The address without a port and with one: a provider that was given the one may sign the other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url, url
    bare = parts.netloc if port is None else parts.netloc.rpartition(":")[0]
    scheme, slashes, rest = url.partition("//")
    after = rest.removeprefix(parts.netloc)
    port = port or _PORTS.get(parts.scheme, 443)
    return f"{scheme}{slashes}{bare}{after}", f"{scheme}{slashes}{bare}:{port}{after}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
