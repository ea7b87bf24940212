"""Texting back and forth with the village's service, and what a test reads of it afterwards."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from service.actions import consent
from service.domain.phone import Phone
from service.store.models.care import Task
from service.store.models.people import PhoneNumber
from tests.worker.village import Village

HERS, MENTORS, STRANGERS = "+26658100001", "+26658100050", "+26658100099"


def say(village: Village, text: str, phone: str = HERS) -> list[str]:
    """What comes back for a text, within the minute."""
    before = len(village.gateway.sent)
    village.texts(text, phone)
    village.dispatch()
    return [message.text for message in village.gateway.sent[before:] if message.to == Phone(phone)]


def later(village: Village, **time: Any) -> None:
    village.clock.moment += timedelta(**(time or {"minutes": 2}))


def notes(village: Village) -> list[str]:
    rows = village.rows(Task.id, Task.note)
    return [village.store.vault.open_if(Task.note, row.id, row.note) or "" for row in rows]


def texts_stop(village: Village, woman: UUID) -> bool:
    return village.store.read(lambda reading: consent.has_stopped(reading, woman))


def suspended(village: Village) -> bool:
    return village.rows(PhoneNumber.suspended_at)[0].suspended_at is not None
