"""Texts that the gateway answered in some way, and what it reports of them."""

from itertools import count
from typing import Any
from uuid import UUID

from handlers import sms
from service.domain.message import MessageClass, MessageState, SendResult
from service.domain.phone import Phone
from service.ports import ReceiptReceived
from service.store.models.people import PhoneNumber
from tests.worker.village import MONDAY, Village, at

TEN = at(MONDAY, "10:00")
HER_PHONE = "+26658100001"
REPORTED = (
    MessageState.SENT,
    MessageState.BUFFERED,
    MessageState.EXPIRED,
    MessageState.UNDELIVERED,
    MessageState.DELIVERED,
)
names = count(1)


def sent(village: Village, result: SendResult, message_class: MessageClass = MessageClass.C) -> UUID:
    """A text that the gateway answered in this way."""
    village.gateway.answers = [result]
    message = village.put(message_class)
    village.dispatch()
    return message


def reported(
    village: Village,
    name: str,
    state: MessageState | None,
    word: str = "",
    phone: str | None = HER_PHONE,
    **more: Any,
) -> None:
    receipt = ReceiptReceived(name, word or str(state), state, Phone(phone) if phone else None, **more)
    sms.take(village.parts, "fake", receipt)


def failures(village: Village) -> int:
    return int(village.rows(PhoneNumber.failures)[0].failures)
