"""The words of the pages, in the languages of staff. What a telephone shows stands in ``templates_sms``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from service.domain.period import Period, PeriodKind

LANGUAGES: Final = ("en", "st")
_FOLDER: Final = "words"
_HALF_A_YEAR: Final = timedelta(days=182)
_NEAR: Final = {-1: "yesterday", 0: "today", 1: "tomorrow"}


@dataclass(frozen=True)
class Words:
    """One language. ``review`` says who still has to read it, if anybody has."""

    language: str
    name: str
    review: str
    said: Mapping[str, str]

    def __call__(self, key: str, **fields: object) -> str:
        """The words under a key such as ``today.title``. Raises ``KeyError`` where there are none."""
        return self.said[key].format_map({name: str(value) for name, value in fields.items()})

    def of(self, group: str, value: object) -> str:
        """The word for one of a list, such as a kind of visit; one that lacks a word stands as it is."""
        return self.said.get(f"{group}.{value}") or str(value).replace("_", " ")

    def day(self, day: date) -> str:
        return self(
            "date.day",
            weekday=self.said[f"date.weekday_{day.isoweekday()}"],
            day=day.day,
            month=self.said[f"date.month_{day.month}"],
        )

    def full_day(self, day: date) -> str:
        """With its year, for what is read long after."""
        return self("date.full", day=self.day(day), year=day.year)

    def near_day(self, day: date, today: date) -> str:
        """With its year where that might be taken for another."""
        return self.day(day) if abs(day - today) <= _HALF_A_YEAR else self.full_day(day)

    def month(self, day: date) -> str:
        return self("date.month", month=self.said[f"date.month_{day.month}"], year=day.year)

    def period(self, period: Period) -> str:
        """In words; its code is for addresses, files and other systems."""
        match period.kind:
            case PeriodKind.DAY:
                return self.full_day(period.first)
            case PeriodKind.MONTH:
                return self.month(period.first)
            case PeriodKind.QUARTER:
                first = self.said[f"date.month_{period.first.month}"]
                return self("date.quarter", first=first, last=self.month(period.last))
            case PeriodKind.YEAR:
                return self("date.year", last=self.month(period.last))
            case _:
                assert_never(period.kind)

    def moment(self, moment: datetime, zone: ZoneInfo, today: date) -> str:
        """A moment on the local clock; the days around today have names of their own."""
        local = moment.astimezone(zone)
        near = _NEAR.get((local.date() - today).days)
        day = self.said[f"date.{near}"] if near else self.near_day(local.date(), today)
        return self("date.moment", day=day, time=self.clock(local.time()))

    @staticmethod
    def clock(at: time) -> str:
        return f"{at:%H:%M}"


@cache
def words_in(language: str) -> Words:
    """The words in a language, or in the first one where there is no such."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    table = loads(files("handlers.staff").joinpath(_FOLDER, f"{known}.toml").read_text("utf-8"))
    about = table.pop("language")
    said = {f"{section}.{key}": text for section, texts in table.items() for key, text in texts.items()}
    return Words(known, about["name"], about["review"], said)
