"""One text at an operator's word, to see whether texts reach a phone at all."""

from datetime import timedelta
from typing import Final

from service.actions import numbers
from service.actions.compose import compose_for_stranger
from service.actions.deliver import Sending
from service.actions.judge import TEXTS, Candidate, judge
from service.actions.tally import add_to
from service.domain.ids import new_id
from service.domain.message import Address, MessageClass, Words
from service.domain.permission import Go
from service.domain.phone import Phone
from service.domain.reason import Reason
from service.ports import OutgoingText
from service.programme import Programme
from service.store import outbox
from service.store.transaction import Reading, Transaction

TEXT: Final = "trial"

USEFUL_FOR: Final = timedelta(minutes=10)


def begin_trial(tx: Transaction, programme: Programme, phone: Phone, gateway: str) -> Sending | Reason:
    """Commit a neutral text as *sending* to this gateway, for ``deliver.settle``; or why it may not go.

    The hour does not matter: whoever asks for it has the phone in her hand.
    """
    words = compose_for_stranger(tx, programme, TEXT)
    reason = _against(tx, programme, phone, gateway, words)
    if reason:
        return reason
    to = Address(None, numbers.note(tx, phone), phone)
    message_id = outbox.put(
        tx, outbox.NewMessage(to, words, MessageClass.C, tx.now, tx.now + USEFUL_FOR), f"trial:{new_id()}"
    )
    claimed = outbox.claim_this(tx, message_id) if message_id else None
    attempt_id = outbox.begin(tx, claimed, gateway) if claimed else None
    assert claimed and attempt_id, "nobody else can see this message yet"
    today = programme.today(tx.now)
    add_to(tx, TEXTS, today)
    return Sending(claimed, attempt_id, gateway, OutgoingText(attempt_id, phone, words.text), today)


def _against(
    reading: Reading, programme: Programme, phone: Phone, gateway: str, words: Words
) -> Reason | None:
    permission = judge(
        reading,
        programme,
        Candidate(
            message_class=MessageClass.C,
            person_id=None,
            phone_id=numbers.find(reading, phone),
            phone=phone,
            wording=words.wording,
            gateway=gateway,
            gated=bool(words.gated),
        ),
    )
    if isinstance(permission, Go) or permission.reason is Reason.OUTSIDE_HOURS:
        return None
    return permission.reason
