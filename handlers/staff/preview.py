"""What somebody would get from the plans and texts as they stand, on the engine that also sends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from flask import Blueprint, abort, request

from handlers.preview.sheet import volumes_of
from handlers.staff.clients import hers
from handlers.staff.desk import Desk, page, words
from handlers.staff.fields import day_of, member
from handlers.staff.imagined import VISITS, imagined
from service.actions.approve import Standing, standings, version_of_plan
from service.domain.message import Money
from service.preview.engine import Days, Engine
from service.preview.foreseen import Foreseen, Volume
from service.preview.habits import Answers, Attends, Habits
from service.reports.prices import usual_price
from service.store.transaction import Reading

LENGTHS: Final = (30, 90, 183, 365, 548)
"""Days that one may look ahead: eighteen months at most, which is how long a baby's tests take."""

CURRENCY: Final = "LSL"
"""Of a price that somebody types."""

DEAREST: Final = 1000

Answer = str | tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """``price`` is that of a part, if somebody typed one."""

    days: Days
    habits: Habits
    price: Money | None


@dataclass(frozen=True)
class Sheet:
    """What was foreseen, what it comes to by month, and how the plans stand that say so."""

    asked: Asked
    found: Foreseen
    months: tuple[Volume, ...]
    price: Money | None
    plans: tuple[Standing, ...]

    def cost(self, parts: int) -> str:
        return f"{self.price.amount * parts:.2f} {self.price.currency}" if self.price else ""


def add_previews(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/preview")
    def preview() -> Answer:
        """Somebody who does not exist; before it is said who, the form alone."""
        if "kind" not in request.args:
            return _page(desk, "preview.html")
        who = imagined(desk)
        asked = _asked(who.first, who.persona.days_supplied)
        return _shown(
            desk,
            "preview.html",
            asked,
            lambda engine: engine.of_persona(who.persona, asked.days, asked.habits, _unwatched),
        )

    @pages.get("/clients/<code>/preview")
    def client_preview(code: str) -> Answer:
        """A client of her caseload, by the records as they are now."""
        woman = desk.ask(lambda reading: hers(reading, code))
        if "days" not in request.args:
            return _page(desk, "client_preview.html", woman=woman)
        asked, store = _asked(desk.today(), None), desk.parts.store
        return _shown(
            desk,
            "client_preview.html",
            asked,
            lambda engine: engine.of_client(store, woman.id, asked.days, asked.habits, _unwatched),
            woman=woman,
        )


def _shown(
    desk: Desk, template: str, asked: Asked, look: Callable[[Engine], Foreseen], **about: object
) -> Answer:
    """Let the days pass and show them, unless somebody else is looking ahead just now."""
    engine = _engine(desk)
    if not desk.stages.acquire(blocking=False):
        return _page(desk, template, busy=True, **about), 503
    try:
        found = look(engine)
    finally:
        desk.stages.release()
    return _page(desk, template, sheet=desk.ask(lambda reading: _sheet(reading, desk, asked, found)), **about)


def _engine(desk: Desk) -> Engine:
    parts = desk.parts
    lines = {line.gateway: parts.gateways[line.gateway].capabilities for line in parts.lines}
    return Engine(parts.programme, lines, desk.travel or abort(404))


def _sheet(reading: Reading, desk: Desk, asked: Asked, found: Foreseen) -> Sheet:
    programme = desk.parts.programme
    return Sheet(
        asked,
        found,
        months=volumes_of(found, programme.calendar.zone),
        price=asked.price or usual_price(reading, 1),
        plans=standings(reading, [version_of_plan(plan) for plan in programme.plans]),
    )


def _page(desk: Desk, template: str, **about: object) -> str:
    programme = desk.parts.programme
    zone = programme.calendar.zone
    return page(
        template,
        **{"sheet": None, "busy": False, **about},
        given=request.args,
        lengths=LENGTHS,
        visits=VISITS,
        today=desk.today(),
        in_words=lambda day: words().full_day(day_of(day)),
        attends=Attends,
        answers=Answers,
        text_languages=[(code, programme.texts.name(code)) for code in programme.texts.languages],
        local=lambda moment: moment.astimezone(zone),
        step_of=lambda text: programme.step(text.plan or "", text.step or ""),
    )


def _asked(first: date, supply: int | None) -> Asked:
    length = request.args.get("days", LENGTHS[0], int)
    given = request.args.get
    return Asked(
        Days(first, length if length in LENGTHS else abort(400)),
        Habits(
            attends=member(Attends, given("attends") or Attends.ALWAYS),
            answers=member(Answers, given("answers") or Answers.ALWAYS),
            days_supplied=supply,
        ),
        _price(given("price", "")),
    )


def _price(typed: str) -> Money | None:
    if not typed:
        return None
    try:
        amount = Decimal(typed)
    except InvalidOperation:
        return abort(400)
    return Money(amount, CURRENCY) if amount.is_finite() and 0 <= amount < DEAREST else abort(400)


def _unwatched(_: datetime) -> None:
    """Nobody sees how far the time has come."""
