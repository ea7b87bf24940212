"""Many women, each with one text that waits; written in bulk, as a service would have left them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from service.actions import sites
from service.domain.code import check_digit
from service.domain.ids import new_id
from service.domain.message import LANES, MessageClass, MessageState
from service.domain.people import (
    SYSTEM,
    ClientKind,
    ClientState,
    ConsentChannel,
    EnrolledThrough,
    PersonKind,
    PhoneOwner,
    Wording,
)
from service.store.models.messages import Message
from service.store.models.people import Client, Consent, Person, PersonPhone, PhoneNumber
from service.store.store import Store
from service.store.transaction import Transaction

BATCH: Final = 1000
TEXT_ID: Final = "rig"
TEXT: Final = "Hello, number {number}. See you soon."


def number(index: int) -> str:
    """The number of the woman with that index: the text to it is the only one with these digits."""
    return f"+26658{index:06d}"


@dataclass(frozen=True)
class Flood:
    """``classes`` are given out in turn; every text may go from ``now`` on, for ``useful`` long."""

    count: int
    classes: tuple[MessageClass, ...]
    now: datetime
    useful: timedelta = timedelta(hours=20)
    first: int = 0


def pour(store: Store, flood: Flood) -> None:
    site = store.write(add_site, SYSTEM)
    for start in range(flood.first, flood.first + flood.count, BATCH):
        end = min(start + BATCH, flood.first + flood.count)
        store.write(lambda tx, a=start, b=end: _pour(tx, flood, site, a, b), SYSTEM)  # type: ignore[misc]


def add_site(tx: Transaction) -> UUID:
    site = sites.add_site(tx, "Ha Flood", "Berea")
    assert site
    sites.activate(tx, site)
    return site


def _pour(tx: Transaction, flood: Flood, site: UUID, start: int, end: int) -> None:
    women = [_woman(tx, flood, site, index) for index in range(start, end)]
    for table in (Person, Client, PhoneNumber, PersonPhone, Consent, Message):
        tx.connection.execute(insert(table), [woman[table] for woman in women])


def _woman(tx: Transaction, flood: Flood, site: UUID, index: int) -> dict[Any, dict[str, Any]]:
    person, phone, message = new_id(), new_id(), new_id()
    digits = f"{index % 100_000:05d}"
    code = digits + check_digit(digits) if index < 100_000 else f"{index}"
    message_class = flood.classes[index % len(flood.classes)]
    text = TEXT.format(number=number(index))
    phone_index = tx.vault.index("phone", number(index))
    written = {"created_at": flood.now, "actor": "rig"}
    return {
        Person: {"id": person, "kind": PersonKind.CLIENT, "language": "en", **written},
        Client: {
            "id": person,
            "code": code,
            "site_id": site,
            "kind": ClientKind.OTHER,
            "state": ClientState.ACTIVE,
            "wording": Wording.T0,
            "enrolled_on": flood.now.date(),
            "enrolled_through": EnrolledThrough.FACILITY,
            **written,
        },
        PhoneNumber: {
            "id": phone,
            "number": tx.vault.seal(PhoneNumber.number, phone, number(index)),
            "number_index": phone_index,
            "index_key": tx.vault.ring.newest.id,
            "failures": 0,
            "created_at": flood.now,
        },
        PersonPhone: {
            "id": new_id(),
            "person_id": person,
            "phone_id": phone,
            "owner": PhoneOwner.OWN,
            "rank": 0,
            "since": flood.now,
            "confirmed_at": flood.now,
            "actor": "rig",
        },
        Consent: {
            "id": new_id(),
            "person_id": person,
            "channel": ConsentChannel.SMS,
            "given": True,
            "wording_version": "rig",
            "through": "facility",
            "occurred_at": flood.now,
            "recorded_at": flood.now,
            "actor": "rig",
        },
        Message: {
            "id": message,
            "person_id": person,
            "phone_id": phone,
            "phone_index": phone_index,
            "message_class": message_class,
            "lane": LANES[message_class],
            "text_id": TEXT_ID,
            "text_version": "rig",
            "language": "en",
            "wording": Wording.T0,
            "body": tx.vault.seal(Message.body, message, text),
            "parts": 1,
            "site_id": site,
            "state": MessageState.QUEUED,
            "not_before": flood.now,
            "not_after": flood.now + flood.useful,
            "next_attempt_at": flood.now,
            "fence": 0,
            "attempts": 0,
            **written,
        },
    }
