"""An account's messages through the official SDK, on lines of ours: it writes the requests, and we read the
answers."""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

from handlers.gateways.definition import Patience
from handlers.gateways.fields import Form
from handlers.gateways.line import Answer, Line, NoAnswer, NotWritten
from handlers.gateways.twilio.answers import read_page
from service.ports import Listed

if TYPE_CHECKING:
    from twilio.rest import Client

PAGE_SIZE: Final = 100
LONGEST_PAGE: Final = 1024 * 1024
MOST_PAGES: Final = 50

Outcome = Answer | NotWritten | NoAnswer


class Account:
    """May be shared by threads. Asks ``base_url`` instead of the provider if it is given."""

    def __init__(self, sid: str, token: str, patience: Patience, base_url: str | None) -> None:
        client = _client(sid, token, patience)
        if base_url:
            client.api.base_url = base_url
        self._origin: str = client.api.base_url
        self._messages = client.messages
        self._balance = client.api.account.balance

    def create(self, **message: str | int | None) -> Outcome:
        """Hand a text in, in the SDK's words for its fields."""
        return _heard(partial(self._messages.create, **message))

    def balance(self) -> Outcome:
        """What the provider says is left in the account."""
        return _heard(self._balance.fetch)

    def listed(self, **chosen: str | datetime) -> Listed[Form]:
        """The messages that the SDK's filters choose, newest first."""
        records: list[Form] = []
        ask = partial(self._messages.page, page_size=PAGE_SIZE, **chosen)
        for _ in range(MOST_PAGES):
            outcome = _heard(ask)
            page = read_page(outcome) if isinstance(outcome, Answer) else None
            if page is None:
                return Listed(tuple(records), _gap(outcome))
            records += page.records
            if not page.next_page_uri:
                return Listed(tuple(records))
            ask = partial(self._messages.get_page, self._origin + page.next_page_uri)
        return Listed(tuple(records), f"more than {MOST_PAGES} pages")


def _gap(outcome: Outcome) -> str:
    return f"HTTP {outcome.status}" if isinstance(outcome, Answer) else outcome.why


class _Heard(Exception):
    """Carries what a line heard past the SDK.

    Its own reading raises half a dozen kinds of exception, loses how long to wait, and takes the HTTP status
    for an error code where a page of HTML has none.
    """

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def _heard(ask: Callable[[], object]) -> Outcome:
    try:
        ask()
    except _Heard as heard:
        return heard.outcome
    raise AssertionError("the SDK asked nobody")


def _client(sid: str, token: str, patience: Patience) -> "Client":
    """The SDK's own HTTP client waits for ever, logs numbers, and shares its last request between threads."""
    from twilio.http import HttpClient  # at the top it would burden whoever never sends
    from twilio.rest import Client

    to_send, to_list = Line(patience), Line(patience, LONGEST_PAGE)
    signed_in = {"Authorization": f"Basic {b64encode(f'{sid}:{token}'.encode()).decode()}"}

    class OnOurLines(HttpClient):  # type: ignore[misc]
        def request(
            self,
            method: str,
            uri: str,
            params: dict[str, object] | None = None,
            data: dict[str, object] | None = None,
            headers: dict[str, str] | None = None,
            **_: object,
        ) -> NoReturn:
            given = {**(headers or {}), **signed_in}
            if method == "POST":
                raise _Heard(to_send.post(uri, _written(data), given))
            raise _Heard(to_list.get(uri, _written(params), given))

    # An empty environment would be taken for none, and the process's own be read for a region.
    return Client(sid, token, http_client=OnOurLines(None, is_async=False), environment={"TWILIO_REGION": ""})


def _written(given: dict[str, object] | None) -> dict[str, str]:
    return {name: str(value) for name, value in (given or {}).items()}
