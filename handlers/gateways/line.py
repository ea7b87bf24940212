"""A kept-alive HTTP line that knows, when a call breaks, whether the provider can have acted on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from time import monotonic
from typing import Final
from urllib.parse import urlencode

from requests import Response, Session
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from handlers.gateways.definition import Patience

LONGEST_ANSWER: Final = 64 * 1024
LONGEST_WAIT: Final = timedelta(days=1)

_CHUNK: Final = 8 * 1024
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_TEXT: Final = {"Content-Type": "text/plain; charset=UTF-8"}


@dataclass(frozen=True)
class Answer:
    """A whole answer. ``text`` is whatever came, read as UTF-8."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)

    @property
    def retry_after(self) -> timedelta | None:
        """How long the provider asks to be left alone, at most ``LONGEST_WAIT``.

        Where it names a time of day, its own clock counts.
        """
        written = self.headers.get("Retry-After", "").strip()
        if written.isascii() and written.isdigit():
            return timedelta(seconds=min(float(written), LONGEST_WAIT.total_seconds()))
        until, now = _http_date(written), _http_date(self.headers.get("Date", ""))
        if until is None or now is None:
            return None
        return min(max(until - now, timedelta(0)), LONGEST_WAIT)


@dataclass(frozen=True)
class NotWritten:
    """Nothing of the request's body left this machine, so the provider cannot have acted on it."""

    why: str


@dataclass(frozen=True)
class NoAnswer:
    """The request's body, or a part of it, was written and no whole answer came."""

    why: str


class Line:
    """May be shared by threads. Follows no redirect, keeps no cookie, reads no proxy from the environment.

    An answer of more than ``longest`` bytes is none.
    """

    def __init__(self, patience: Patience, longest: int = LONGEST_ANSWER) -> None:
        self._patience = patience
        self._longest = longest
        self._session = _session()
        self._used = monotonic()

    def post(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer | NotWritten | NoAnswer:
        return self._ask("POST", url, {**headers, **_FORM}, body=_Body(urlencode(form).encode()))

    def post_text(self, url: str, text: str, headers: Mapping[str, str]) -> Answer | NotWritten | NoAnswer:
        """For providers that want a message's text as the body and all else in headers."""
        return self._ask("POST", url, {**headers, **_TEXT}, body=_Body(text.encode()))

    def get(
        self, url: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer | NotWritten | NoAnswer:
        """For questions that change nothing: whether one was heard that got no answer does not matter."""
        return self._ask("GET", url, headers, query=query)

    def _ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None = None,
        body: "_Body | None" = None,
    ) -> Answer | NotWritten | NoAnswer:
        self._drop_idle()
        try:
            with self._session.request(
                method,
                url,
                params=query,
                data=body,
                headers=headers,
                timeout=(self._patience.connect, self._patience.read),
                allow_redirects=False,
                stream=True,
            ) as response:
                return self._whole(response)
        except (OSError, HTTPError) as error:
            # What requests raises are OSErrors; urllib3's own escape while an answer is read.
            why = type(error).__name__
            return NotWritten(why) if body and not body.begun else NoAnswer(why)
        finally:
            self._used = monotonic()

    def _drop_idle(self) -> None:
        """Routers forget a quiet connection without a word, and what is then written into it is lost."""
        if monotonic() - self._used > self._patience.idle:
            self._session.close()

    def _whole(self, response: Response) -> Answer | NoAnswer:
        """A read time-out alone would let a provider speak for ever, a byte at a time."""
        deadline = monotonic() + self._patience.whole
        taken = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            taken += chunk
            if len(taken) > self._longest:
                return NoAnswer("AnswerTooLong")
            if monotonic() > deadline:
                return NoAnswer("AnswerTooSlow")
        return Answer(response.status_code, response.headers, taken.decode("utf-8", "replace"))


class _Body(BytesIO):
    """A request's body. It is first read once the connection stands and the request's head is written.

    A TLS handshake that fails or stalls raises the same exceptions as an answer that does not come, so
    exceptions cannot tell what the provider has; this can.
    """

    begun = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.begun = True
        return super().read(size)


def _session() -> Session:
    session = Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["Accept-Encoding"] = "identity"
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=16, max_retries=0))
    return session


def _http_date(written: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(written)
    except ValueError:
        return None
    return read if read.tzinfo else None
