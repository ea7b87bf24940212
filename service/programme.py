"""What this installation has decided, read once and passed to every action that needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from service.domain.hours import Calendar, local_day
from service.domain.phone import Phone
from service.menu.machine import ScreenSet
from service.reminders.plan import KnownTexts, Plan, Step
from service.texts import Texts


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
        """The step of that name, or ``None`` if the plan has lost it since."""
        return next(
            (
                found
                for known in self.plans
                if known.name == plan
                for found in known.steps
                if found.id == step
            ),
            None,
        )
