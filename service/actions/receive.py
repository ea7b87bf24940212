"""What comes in from a gateway, whether at once or after a wait in the spool."""

from typing import assert_never

from service.actions import converse, hear, receipts
from service.ports import OptOutReceived, ReceiptReceived, TextReceived, UssdEnded
from service.programme import Programme
from service.store.spooled import Letter
from service.store.transaction import Transaction


def receive(tx: Transaction, programme: Programme, letter: Letter) -> None:
    """Act on one event. Receiving it again changes nothing: each kind has a unique key of its own."""
    match letter.event:
        case TextReceived() as text:
            hear.hear(tx, programme, letter.gateway, text)
        case ReceiptReceived() as receipt:
            receipts.take_receipt(tx, letter.gateway, receipt)
        case OptOutReceived() as opt_out:
            hear.opt_out(tx, letter.gateway, opt_out)
        case UssdEnded() as ended:
            converse.hang_up(tx, letter.gateway, ended)
        case _:
            assert_never(letter.event)
