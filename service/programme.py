"""What this installation has decided, read once and passed to every action that needs it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from service.domain.hours import Calendar, local_day
from service.domain.phone import Phone
from service.menu.machine import ScreenSet
from service.reminders.plan import DateStep, KnownTexts, Plan, Step, TaskStep, Timing
from service.texts import Texts

TimingT = TypeVar("TimingT", bound=Timing)


@dataclass(frozen=True)
class Programme:
    """``calendar`` holds the zone, usual safe times and holidays; the caps are per local day, 0 is none.

    Telephone numbers without a prefix are dialled in ``country`` (ISO 3166). ``referral_numbers`` are for
    whoever is not safe at home.

    ``two_way`` says whether a reply to a text can reach us over the gateway that is used first.
    ``recipients``, where there are any, are the only numbers that get texts (for a staging installation).
    After ``reconfirm_after`` without any sign of her a number is hers only once she has said so again.
    """

    texts: Texts
    known: KnownTexts
    screens: ScreenSet
    plans: tuple[Plan, ...]
    timing: Mapping[str, str]
    calendar: Calendar
    country: str
    ussd_code: str
    transport_number: str | None
    referral_numbers: tuple[str, ...]
    destinations: tuple[str, ...]
    recipients: tuple[str, ...]
    text_cap: int
    spend_cap: Decimal
    reconfirm_after: timedelta
    two_way: bool

    @property
    def language(self) -> str:
        """The language for a caller whom nobody knows: the country's own where it is there."""
        return "st" if "st" in self.texts.languages else self.texts.languages[0]

    def today(self, now: datetime) -> date:
        return local_day(now, self.calendar.zone)

    def may_text(self, phone: Phone) -> bool:
        """Whether a number lies where texts may go at all."""
        listed = not self.recipients or phone.e164 in self.recipients
        return listed and phone.e164.startswith(self.destinations)

    def step(self, plan: str, step: str) -> Step | None:
        """The text of that name, or ``None`` if the plan has lost it since."""
        return _named((one for known in self._named(plan) for one in known.steps), step)

    def task(self, plan: str, step: str) -> TaskStep | None:
        """The task of that name, or ``None`` if the plan has lost it since."""
        return _named((one for known in self._named(plan) for one in known.tasks), step)

    def date(self, plan: str, step: str) -> DateStep | None:
        """The date of that name, or ``None`` if the plan has lost it since."""
        return _named((one for known in self._named(plan) for one in known.dates), step)

    def knows(self, plan: str, step: str) -> bool:
        return bool(self.step(plan, step) or self.task(plan, step) or self.date(plan, step))

    def _named(self, plan: str) -> Iterator[Plan]:
        return (known for known in self.plans if known.name == plan)


def _named(steps: Iterable[TimingT], name: str) -> TimingT | None:
    return next((step for step in steps if step.id == name), None)
