"""A woman who agreed to texts and a service in order, on a Wednesday morning two days before Christmas."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from service.domain.hours import Calendar
from service.domain.message import MessageClass
from service.domain.people import ClientState, SafeTimes, Wording
from service.domain.permission_facts import InstanceFacts, MessageFacts, RecipientFacts

MASERU = ZoneInfo("Africa/Maseru")


def maseru(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MASERU).astimezone(UTC)


WEDNESDAY: Final = date(2026, 12, 23)
NOW = maseru("2026-12-23 10:00")
NIGHT = maseru("2026-12-23 22:30")
CLASSES = sorted(MessageClass)
UNASKED = ["R1", "R2", "B", "U"]

REMINDER = MessageFacts(MessageClass.R2, not_after=maseru("2026-12-23 17:00"))
DANGER_ANSWER = MessageFacts(MessageClass.U, answers=NOW)
HER = RecipientFacts(
    has_phone=True,
    destination_allowed=True,
    suspended=False,
    confirmed=True,
    opted_out=False,
    consents=True,
    state=ClientState.ACTIVE,
    wording=Wording.T0,
    safe=None,
    recent=(),
)
SERVICE = InstanceFacts(
    calendar=Calendar(
        MASERU, SafeTimes(time(9), time(17), frozenset(range(1, 7))), frozenset({date(2026, 12, 25)})
    ),
    site_activated=True,
    paused=False,
    texts_today=0,
    text_cap=20_000,
    spent_out=False,
)
STRANGER = replace(HER, confirmed=False, consents=False, state=None, wording=None)


def of(message_class: str) -> MessageFacts:
    return MessageFacts(MessageClass(message_class))
