"""An account's texts and its credit through the official SDK, on lines of ours."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from handlers.gateways.definition import Patience
from handlers.gateways.line import Answer, Line, NoAnswer, NotWritten
from service.domain.message import Money
from service.domain.phone import Phone

if TYPE_CHECKING:
    from africastalking.Application import ApplicationService
    from africastalking.SMS import SMSService

Outcome = Answer | NotWritten | NoAnswer

_COST: Final = re.compile(r"([A-Z]{3}) ([0-9]{1,9}(?:\.[0-9]{1,9})?)")
_LEFT: Final = re.compile(r"([A-Z]{3}) (-?[0-9]{1,9}(?:\.[0-9]{1,9})?)")
"""An account may owe something."""


class _User(BaseModel):
    balance: str


class _Application(BaseModel):
    """The part of what the provider tells of an account that we read."""

    UserData: _User


class Account:
    """May be shared by threads. Asks ``base_url`` instead of the provider if it is given."""

    def __init__(self, username: str, key: str, patience: Patience, base_url: str | None) -> None:
        self._sms = _official_sms(username, key, Line(patience))
        self._application = _official_application(username, key, Line(patience))
        for service in (self._sms, self._application):
            if base_url:
                service._baseUrl = f"{base_url}/version1"

    def send(self, text: str, to: Phone, sender: str | None) -> Outcome:
        outcome: Outcome = self._sms.send(text, [to.e164], sender)
        return outcome

    def credit(self) -> Money | None:
        """What is left, if the provider tells it now."""
        outcome: Outcome = self._application.fetch_application_data()
        if not isinstance(outcome, Answer) or outcome.status != 200:
            return None
        try:
            return _money(_LEFT, _Application.model_validate_json(outcome.text).UserData.balance)
        except ValidationError:
            return None


def cost(written: str) -> Money | None:
    """What a text cost, as the provider writes it, such as ``KES 0.8000``."""
    return _money(_COST, written)


def _money(pattern: re.Pattern[str], written: str) -> Money | None:
    found = pattern.fullmatch(written.strip())
    return Money(Decimal(found[2]), found[1]) if found else None


def _official_sms(username: str, key: str, line: Line) -> "SMSService":
    """The SDK's SMS service, on a line of ours; its ``send`` then returns what the line does.

    Its own requests open a connection for each text, follow redirects, lose the HTTP status, and turn
    equally good answers into a dict or a string by the spelling of their content type. Its module-level
    ``initialize`` and its callback threads are never used.
    """
    from africastalking.SMS import SMSService  # at the top it would burden whoever never sends

    class OnOurLine(SMSService):  # type: ignore[misc]
        def _make_request(
            self, url: str, _method: str, headers: dict[str, str], data: dict[str, str], **_: object
        ) -> Outcome:
            return line.post(url, data, headers)

    return OnOurLine(username, key)


def _official_application(username: str, key: str, line: Line) -> "ApplicationService":
    """The SDK's service that tells of the account, in the same way."""
    from africastalking.Application import ApplicationService

    class OnOurLine(ApplicationService):  # type: ignore[misc]
        def _make_request(
            self, url: str, _method: str, headers: dict[str, str], params: dict[str, str], **_: Any
        ) -> Outcome:
            return line.get(url, params, headers)

    return OnOurLine(username, key)
