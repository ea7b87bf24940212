"""What a preview says, in words and figures, for a terminal, another program or a page to sign."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from service.domain.hours import local_day
from service.domain.message import Money
from service.preview.foreseen import Foreseen, ForeseenTask, ForeseenText, LeftOut, Volume, summed
from service.programme import Programme
from service.reminders.plan import Step
from service.reminders.vocabulary import Anchor

Prices = Mapping[str, Money]
"""What one part costs over each gateway, as far as anybody has said."""


@dataclass(frozen=True)
class PlanState:
    """A plan file as it was read: ``mark`` is the beginning of the hash that people approve."""

    name: str
    mark: str
    approved: bool


@dataclass(frozen=True)
class TextLine:
    day: date
    at: str
    text: str
    parts: int
    cost: str
    why: str
    source: str


@dataclass(frozen=True)
class TaskLine:
    day: date
    at: str
    task: str
    owner: str
    until: str
    why: str


@dataclass(frozen=True)
class LeftOutLine:
    day: date
    step: str
    why: str


@dataclass(frozen=True)
class MonthLine:
    month: str
    gateway: str
    texts: int
    parts: int
    cost: str


@dataclass(frozen=True)
class Forecast:
    """What it comes to. ``about`` says for whom and what is assumed, as pairs of a heading and a sentence."""

    title: str
    about: tuple[tuple[str, str], ...]
    plans: tuple[PlanState, ...]
    months: tuple[MonthLine, ...]
    total: MonthLine


@dataclass(frozen=True)
class SiteLines:
    """What the clients of one site come to; ``site`` is empty for what concerns no site."""

    site: str
    months: tuple[MonthLine, ...]
    total: MonthLine


@dataclass(frozen=True)
class CaseloadForecast(Forecast):
    """For everybody also what each site comes to."""

    sites: tuple[SiteLines, ...]


@dataclass(frozen=True)
class Sheet(Forecast):
    """For one client also each text and task, in the order of time."""

    texts: tuple[TextLine, ...]
    tasks: tuple[TaskLine, ...]
    left_out: tuple[LeftOutLine, ...]


NO_PRICE: Final = "-"
NO_SITE: Final = "of no site"


@dataclass(frozen=True)
class Writer:
    """Puts what was foreseen into words. Days and hours are local to the programme."""

    programme: Programme
    prices: Prices

    def text(self, foreseen: ForeseenText) -> TextLine:
        step = self.programme.step(foreseen.plan or "", foreseen.step or "")
        return TextLine(
            day=local_day(foreseen.at, self._zone),
            at=self._clock(foreseen.at),
            text=foreseen.text,
            parts=foreseen.parts,
            cost=self._cost({foreseen.gateway: foreseen.parts}),
            why=_why(step, foreseen) if step else _outside_plans(foreseen),
            source=step.source if step else "",
        )

    def task(self, foreseen: ForeseenTask) -> TaskLine:
        return TaskLine(
            day=local_day(foreseen.opened_at, self._zone),
            at=self._clock(foreseen.opened_at),
            task=words(foreseen.kind),
            owner=foreseen.owner or "",
            until=f"{local_day(foreseen.due_at, self._zone):%a %d %b}, {self._clock(foreseen.due_at)}",
            why=_about_visit(foreseen),
        )

    def left_out(self, foreseen: LeftOut) -> LeftOutLine:
        return LeftOutLine(
            local_day(foreseen.at, self._zone), f"{foreseen.plan}, {foreseen.step}", words(foreseen.reason)
        )

    def months(self, volumes: Iterable[Volume]) -> tuple[MonthLine, ...]:
        return tuple(
            MonthLine(
                f"{volume.month:%B %Y}",
                volume.gateway,
                volume.texts,
                volume.parts,
                self._cost({volume.gateway: volume.parts}),
            )
            for volume in volumes
        )

    def sites(self, by_site: Mapping[str, Sequence[Volume]]) -> tuple[SiteLines, ...]:
        return tuple(
            SiteLines(site, self.months(volumes), self.total(volumes)) for site, volumes in by_site.items()
        )

    def total(self, volumes: Iterable[Volume]) -> MonthLine:
        parts: Counter[str] = Counter()
        texts = 0
        for volume in volumes:
            parts[volume.gateway] += volume.parts
            texts += volume.texts
        return MonthLine("in all", "", texts, parts.total(), self._cost(parts))

    @property
    def _zone(self) -> ZoneInfo:
        return self.programme.calendar.zone

    def _clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%H:%M}"

    def _cost(self, parts: Mapping[str, int]) -> str:
        """In each currency; nothing is said as long as a price is missing."""
        if not parts or any(gateway not in self.prices for gateway in parts):
            return NO_PRICE
        sums: dict[str, Decimal] = {}
        for gateway, number in parts.items():
            price = self.prices[gateway]
            sums[price.currency] = sums.get(price.currency, Decimal()) + price.amount * number
        return " + ".join(f"{amount:.2f} {currency}" for currency, amount in sorted(sums.items()))


def volumes_of(foreseen: Foreseen, zone: ZoneInfo) -> tuple[Volume, ...]:
    """The texts of one client by month and gateway."""
    months = ((local_day(text.at, zone).replace(day=1), text) for text in foreseen.texts)
    return summed(Volume(month, text.gateway, 1, text.parts) for month, text in months)


def words(word: str) -> str:
    """A word of the program as people write it."""
    return word.replace("_", " ")


def spoken(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


_ANCHORS: Final[Mapping[Anchor, str]] = {
    Anchor.VISIT: "the visit",
    Anchor.EVENT: "the day out",
    Anchor.ENROLMENT: "her enrolment",
    Anchor.EDD: "the expected day of birth",
    Anchor.ART_START: "the start of treatment",
    Anchor.BIRTH: "the birth",
    Anchor.WEANING: "weaning",
}


def _why(step: Step, text: ForeseenText) -> str:
    anchor = _ANCHORS.get(step.anchor, words(step.anchor))
    if step.every_days:
        return f"every {step.every_days} days, counted from {anchor}"
    kind = f" ({words(text.visit)})" if text.visit else ""
    day = f" on {spoken(text.about)}" if text.about else ""
    return f"{_distance(step.offset_days)} {anchor}{kind}{day}"


def _outside_plans(text: ForeseenText) -> str:
    return "an answer to a text of hers" if text.reply_to else "about her number or her place in the service"


def _distance(days: int) -> str:
    if days == 0:
        return "on the day of"
    number = "the day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{number} {'before' if days < 0 else 'after'}"


def _about_visit(task: ForeseenTask) -> str:
    return f"the visit ({words(task.visit)}) on {spoken(task.about)}" if task.visit and task.about else ""
