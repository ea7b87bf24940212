"""The first text to somebody whom a file brought."""

from datetime import timedelta
from typing import Final

from service.actions.compose import compose
from service.actions.fire import usual_link
from service.domain.message import Address, MessageClass
from service.programme import Programme
from service.store import outbox
from service.store.records import ClientRecord
from service.store.transaction import Transaction

WELCOME_WITHIN: Final = timedelta(days=7)
"""Later than that a welcome would only be odd."""


def welcome(tx: Transaction, programme: Programme, woman: ClientRecord) -> None:
    """Tell her that she is enrolled, once.

    It goes as what is sent to many (class B): only with her consent and to a number known to be hers, behind
    everything else that waits, and never a second time.
    """
    link = usual_link(tx, woman.id)
    if link is None or link.phone is None:
        return
    new = outbox.NewMessage(
        to=Address(woman.id, link.phone_id, link.phone),
        words=compose(tx, programme, "enrol_ok", woman),
        message_class=MessageClass.B,
        not_before=tx.now,
        not_after=tx.now + WELCOME_WITHIN,
        site_id=woman.site_id,
    )
    outbox.put(tx, new, f"welcome:{woman.id}")
