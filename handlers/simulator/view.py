"""Everything that the page shows, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

from handlers.gateways.cumulative import GOES_ON
from handlers.simulator.handset import Desk, Handset
from handlers.simulator.parties import Party, parties
from handlers.simulator.sentences import STATES, Sentence, Teller, about, why, words
from service import gsm
from service.parts import Parts
from service.programme import Programme
from service.reminders.plan import After
from service.reports import ahead, log, phones
from service.seeding.cast import CLIENTS
from service.store.transaction import Reading

MOST_TEXTS: Final = 6
MOST_LINES: Final = 18
MOST_COMING: Final = 3
LONGEST_SCREEN: Final = 160
"""Septets of a screen, ``CON `` included, that every network shows."""

_CASES: Final = {made.name: made.case for made in CLIENTS}


@dataclass(frozen=True)
class Choice:
    code: str
    label: str


@dataclass(frozen=True)
class TextView:
    when: str
    sent: bool
    text: str
    size: str
    state: str
    language: str


@dataclass(frozen=True)
class PhoneView:
    party: Party
    handset: Handset
    screen_size: str
    texts: tuple[TextView, ...]


@dataclass(frozen=True)
class Page:
    """``now`` is local time. ``dial`` is the code that the phones dial, ``chosen`` the client's."""

    now: str
    dial: str
    chosen: str
    choices: tuple[Choice, ...]
    phones: tuple[PhoneView, ...]
    coming: tuple[str, ...]
    days: tuple[tuple[str, tuple[Sentence, ...]], ...]


def page(reading: Reading, parts: Parts, desk: Desk, chosen: str | None) -> Page | None:
    """The page about the client with the chosen code, or about the first; ``None`` without any client."""
    rows = phones.clients(reading)
    row = _chosen(rows, chosen)
    if row is None:
        return None
    both = parties(reading, parts.programme, row)
    teller = Teller(parts.programme.calendar.zone, {party.phone_id: party.name for party in both})
    return Page(
        now=f"{reading.now.astimezone(teller.zone):%A %-d %B %Y, %H:%M}",
        dial=parts.programme.ussd_code,
        chosen=row.code,
        choices=tuple(_choice(each) for each in rows),
        phones=tuple(_phone(reading, desk, teller, party) for party in both),
        coming=tuple(
            _coming(parts.programme, teller, each) for each in ahead.coming(reading, row.id, MOST_COMING)
        ),
        days=_by_day(map(teller.tell, log.log(reading, _scope(reading, row, both), MOST_LINES))),
    )


def _chosen(rows: tuple[phones.ClientRow, ...], code: str | None) -> phones.ClientRow | None:
    by_code = next((row for row in rows if row.code == code), None)
    first = next((row for row in rows if row.nickname == CLIENTS[0].name), None)
    return by_code or first or next(iter(rows), None)


def _choice(row: phones.ClientRow) -> Choice:
    case = _CASES.get(row.nickname)
    return Choice(row.code, f"{row.nickname}, {row.district}" + (f": {case}" if case else ""))


def _scope(reading: Reading, row: phones.ClientRow, both: tuple[Party, ...]) -> log.Scope:
    return log.Scope(
        client_id=row.id,
        phone_ids=tuple(party.phone_id for party in both),
        phone_indexes=tuple(
            index for party in both for index in reading.vault.indexes("phone", party.phone.e164)
        ),
    )


def _coming(programme: Programme, teller: Teller, row: ahead.Coming) -> str:
    step = programme.step(row.plan, row.step)
    needs = ", only if somebody writes down a miss" if step and step.after is After.RECORDED_MISS else ""
    waits = f", waits: {why(row.reason)}" if row.reason else ""
    return f"{teller.moment(row.due_at)}: {about(row.step, row.speaks_of)}{needs}{waits}"


def _by_day(sentences: Iterable[Sentence]) -> tuple[tuple[str, tuple[Sentence, ...]], ...]:
    return tuple((day, tuple(lines)) for day, lines in groupby(sentences, key=attrgetter("day")))


def _phone(reading: Reading, desk: Desk, teller: Teller, party: Party) -> PhoneView:
    handset = desk.handset(party.phone)
    texts = phones.texts_at(reading, party.phone_id, MOST_TEXTS)
    return PhoneView(
        party=party,
        handset=handset,
        screen_size=_screen_size(handset),
        texts=tuple(_text(teller, row, party.language) for row in texts),
    )


def _text(teller: Teller, row: phones.TextRow, language: str) -> TextView:
    return TextView(
        when=teller.moment(row.at),
        sent=row.sent,
        text=row.text if row.text is not None else "(an order; its words are not kept)",
        size=size(row.text or ""),
        state=STATES.get(row.state, words(row.state)) if not row.sent else "sent",
        language=row.language or language,
    )


def size(text: str) -> str:
    """What a text costs as it stands: units of its encoding, and parts."""
    if not text:
        return "0 septets, 0 parts"
    try:
        measured = gsm.measure(text)
    except gsm.Unsendable as error:
        return str(error)
    unit = "septet" if measured.encoding is gsm.Encoding.GSM7 else "UCS-2 unit"
    return f"{_counted(measured.units, unit)}, {_counted(measured.segments, 'part')}"


def _screen_size(handset: Handset) -> str:
    if not handset.screen:
        return ""
    return f"{gsm.measure(GOES_ON + handset.screen).units} of {LONGEST_SCREEN} septets"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
