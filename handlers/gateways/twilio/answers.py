"""What the provider's documents say: whether a text was taken, and what its list holds."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from handlers.gateways.fields import Form, count, identifier
from handlers.gateways.line import Answer
from service.domain.message import Accepted, Hurdle, Money, Refusal, Refused, SendResult, TryLater, Unknown
from service.gsm import LARGEST_PARTS

OPTED_OUT: Final = 21610
WAITED_TOO_LONG: Final = 30036

REFUSALS: Final[dict[Refusal, tuple[int, ...]]] = {
    Refusal.BAD_NUMBER: (21211, 21614, 30005, 30006),
    Refusal.OPTED_OUT: (OPTED_OUT,),
    Refusal.NO_ROUTE: (21214, 21612),
    Refusal.BAD_TEXT: (21602, 21617),
    Refusal.REJECTED: (30004, 30007),
}
HURDLES: Final[dict[Hurdle, tuple[int, ...]]] = {
    # What is wrong with the key, the sender, the messaging service, the address for receipts or the permitted
    # countries is wrong for every text (21608 is a trial account's), so all wait until somebody mends it.
    Hurdle.BAD_ACCOUNT: (
        *(20003, 20403, 20404, 21212, 21408, 21601, 21603, 21606, 21608, 21609, 21659, 21660),
        *(21701, 21703, 21705),
    ),
    # An account without money is suspended; 63038 is the allowance of a day.
    Hurdle.NO_CREDIT: (10001, 20005, 30002, 63038, 90010),
    Hurdle.BUSY: (14107, 20429, 21611, 30001, 63017, 63018),
    Hurdle.PROVIDER_DOWN: (21730,),
}
OUTCOMES: Final[dict[int, Refused | TryLater]] = {
    **{code: Refused(why, str(code)) for why, codes in REFUSALS.items() for code in codes},
    **{code: TryLater(why, word=str(code)) for why, codes in HURDLES.items() for code in codes},
}
"""What the provider's own error codes mean, whatever HTTP status they come with."""

BY_STATUS: Final[dict[int, TryLater]] = {
    401: TryLater(Hurdle.BAD_ACCOUNT, word="HTTP 401"),
    402: TryLater(Hurdle.NO_CREDIT, word="HTTP 402"),
    403: TryLater(Hurdle.BAD_ACCOUNT, word="HTTP 403"),
    404: TryLater(Hurdle.BAD_ACCOUNT, word="HTTP 404"),
    429: TryLater(Hurdle.BUSY, word="HTTP 429"),
}

_PRICE: Final = re.compile(r"-?([0-9]{1,9}(?:\.[0-9]{1,9})?)")
_BALANCE: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")

_Document = dict[str, JsonValue]
_DOCUMENT: Final = TypeAdapter(_Document)


class Page(BaseModel):
    """A part of the provider's list, the newest messages first, and the path of the next part."""

    messages: list[_Document]
    next_page_uri: str | None = Field(default=None, pattern="^/")

    @property
    def records(self) -> list[Form]:
        return [_form(message) for message in self.messages]


def read_page(answer: Answer) -> Page | None:
    try:
        return Page.model_validate_json(answer.text) if answer.status == 200 else None
    except ValidationError:
        return None


def read_answer(answer: Answer) -> SendResult:
    """What the answer to a send means. A client error is about the request, so nothing was taken."""
    document = _document(answer.text)
    if 200 <= answer.status < 300:
        return _taken(document)
    code = count(document, "code")
    match OUTCOMES.get(code or 0) or BY_STATUS.get(answer.status):
        case TryLater() as hurdle:
            return replace(hurdle, after=answer.retry_after)
        case Refused() as refused:
            return refused
    if 400 <= answer.status < 500 and answer.status != 408:
        return Refused(Refusal.REJECTED, str(code or f"HTTP {answer.status}"))
    return Unknown(f"HTTP {answer.status}, and no code that is known")


def _taken(document: Form) -> SendResult:
    if document.get("status") == "failed":  # no receipt will say it again
        code = count(document, "error_code")
        return OUTCOMES.get(code or 0) or Refused(Refusal.REJECTED, str(code or "failed"))
    return accepted(document) or Unknown("accepted without a message id")


def accepted(document: Form) -> Accepted | None:
    provider_id = identifier(document, "sid")
    parts = count(document, "num_segments")  # 0 until a messaging service has chosen a sender
    known = parts if parts in range(1, LARGEST_PARTS + 1) else None
    return Accepted(provider_id, known, _money(document)) if provider_id else None


def _money(document: Form) -> Money | None:
    """What was charged: written as a negative number, and mostly only after the text was sent."""
    price = _PRICE.fullmatch(document.get("price", ""))
    currency = document.get("price_unit", "").upper()
    return Money(Decimal(price[1]), currency) if price and _CURRENCY.fullmatch(currency) else None


def read_balance(answer: Answer) -> Money | None:
    """What is left in the account, which may owe something."""
    document = _document(answer.text) if answer.status == 200 else {}
    left, currency = _BALANCE.fullmatch(document.get("balance", "")), document.get("currency", "").upper()
    return Money(Decimal(left[0]), currency) if left and _CURRENCY.fullmatch(currency) else None


def _document(text: str) -> Form:
    try:
        return _form(_DOCUMENT.validate_json(text))
    except ValidationError:
        return {}


def _form(document: _Document) -> Form:
    return {name: str(value) for name, value in document.items() if isinstance(value, str | int | float)}
