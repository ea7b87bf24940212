"""The webhooks of a provider that signs nothing: a secret in the path, and the addresses it calls from."""

import hmac
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from pydantic import SecretStr

from handlers.gateways.fields import Form
from service.ports import Unreadable, WebhookAnswer, WebhookEvent, WebhookRequest

Network = IPv4Network | IPv6Network
Reader = Callable[[Form], WebhookEvent]

STRONG_TOKEN: Final = 22
"""Characters that 128 random bits take in base 64."""


class UnsignedWebhooks:
    """One reader for each kind of webhook. Without a token none can be called.

    Several tokens are good at once, so that a provider can be moved from one to the next. Without
    ``sources`` any address may call.
    """

    signs = False

    def __init__(
        self,
        readers: Mapping[str, Reader],
        tokens: Iterable[SecretStr] = (),
        sources: Iterable[Network] = (),
    ) -> None:
        self._readers = readers
        self._tokens = tuple(_digest(token.get_secret_value()) for token in tokens)
        self._sources = tuple(sources)

    @property
    def hooks(self) -> tuple[str, ...]:
        return tuple(self._readers)

    def accepts_token(self, token: str) -> bool:
        """Every token is compared, and whole, so that the time taken tells nothing."""
        given = _digest(token)
        return sum(hmac.compare_digest(given, known) for known in self._tokens) > 0

    def authentic(self, request: WebhookRequest) -> bool:
        if not self._sources:
            return True
        try:
            address = ip_address(request.source)
        except ValueError:
            return False
        return any(address in network for network in self._sources)

    def read(self, request: WebhookRequest) -> WebhookEvent:
        read = self._readers.get(request.kind)
        return read(request.form) if read else Unreadable("a kind of webhook that this gateway does not have")

    def answer(self, kind: str) -> WebhookAnswer:  # noqa: ARG002 - who signs nothing reads no answer either
        return WebhookAnswer("")


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
