"""What comes in from a gateway, whether at once or after a wait in the spool."""

from typing import Final, assert_never

from service.actions import converse, hear, receipts
from service.actions.tally import add_to
from service.ports import OptOutReceived, ReceiptReceived, TextReceived, UssdEnded
from service.programme import Programme
from service.store.spooled import Letter
from service.store.transaction import Transaction

UNKNOWN_WORD: Final = "unknown_receipt"
"""The counter of receipts whose word nobody has taught their gateway yet."""


def receive(tx: Transaction, programme: Programme, letter: Letter) -> None:
    """Act on one event. Receiving it again changes nothing: each kind has a unique key of its own."""
    match letter.event:
        case TextReceived() as text:
            hear.hear(tx, programme, letter.gateway, text)
        case ReceiptReceived() as receipt:
            receipts.take_receipt(tx, letter.gateway, receipt)
            if receipt.state is None:
                add_to(tx, f"{UNKNOWN_WORD}:{letter.gateway}", programme.today(tx.now))
        case OptOutReceived() as opt_out:
            hear.opt_out(tx, letter.gateway, opt_out)
        case UssdEnded() as ended:
            converse.hang_up(tx, letter.gateway, ended)
        case _:
            assert_never(letter.event)
