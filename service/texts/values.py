"""Texts as values, and how one is said."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import blake2s
from typing import Final

from service.domain.people import Wording
from service.gsm import Encoding
from service.wording import Gate

ONE_WAY: Final = "_oneway"
"""The ending of a text for a line to which nobody can reply."""

VARIANTS: Final = (ONE_WAY, "_no_number", "_no_code", "_unknown")
"""The endings of texts that go in the place of another on some occasion."""

FIELD: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Tier(StrEnum):
    """To whom a text may go.

    ``ANY`` answers a call for help from anybody, ``OPT_IN`` goes to whoever asked for it, ``T2`` is for
    screens behind a PIN.
    """

    T0 = "T0"
    T1 = "T1"
    T2 = "T2"
    ANY = "any"
    OPT_IN = "opt-in"


class DayWord(StrEnum):
    """A day that a text names by its place, so that it is true on one day only."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    YESTERDAY = "yesterday"


class BadTexts(ValueError):
    """The folder cannot be read as texts. ``problems`` has every reason, one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class WrongText(LookupError):
    """A text was asked for that does not exist, or with the wrong fields: a mistake in the program."""


@dataclass(frozen=True)
class Text:
    """One text in one language.

    ``says`` is the day that it names; ``instead`` the text that is true on other days (none: it is not
    sent then). ``review`` and ``confidence`` speak of the translation. ``encoding`` is what the author means
    it to need.
    """

    key: str
    text: str
    tier: Tier
    says: DayWord | None
    instead: str
    encoding: Encoding
    confidence: str
    review: str

    @cached_property
    def fields(self) -> frozenset[str]:
        return frozenset(FIELD.findall(self.text))

    @cached_property
    def version(self) -> str:
        """A hash of the words alone, so that any change of them is a new version."""
        return blake2s(self.text.encode(), digest_size=6).hexdigest()

    @property
    def wording(self) -> Wording:
        """The word gate that this text must pass.

        An answer to a call for help passes at T1 whoever asked: it must name the health centre.
        """
        return Wording.T0 if self.tier in (Tier.T0, Tier.OPT_IN) else Wording.T1

    def filled(self, fields: Mapping[str, str]) -> str:
        if fields.keys() != self.fields:
            raise WrongText(
                f"{self.key} needs the fields {sorted(self.fields)} and was given {sorted(fields)}."
            )
        return self.text.format_map(fields)


@dataclass(frozen=True)
class Language:
    """``days`` begin on Monday; ``day_words`` are the words that name a day by its place."""

    code: str
    name: str
    date: str
    days: tuple[str, ...]
    months: tuple[str, ...]
    day_words: Mapping[DayWord, tuple[str, ...]]
    texts: Mapping[str, Text] = field(repr=False)

    def day(self, day: datetime.date) -> str:
        return self.date.format(
            weekday=self.days[day.weekday()], day=str(day.day), month=self.months[day.month - 1]
        )


@dataclass(frozen=True)
class Texts:
    """All texts in all languages, and the gate that they must pass once they are rendered."""

    by_language: Mapping[str, Language]
    gate: Gate

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.by_language)

    def name(self, language: str) -> str:
        """What speakers of ``language`` call it."""
        return self._language(language).name

    def say(self, key: str, language: str, **fields: str) -> str:
        """The text with its fields filled in. Raises ``WrongText`` unless exactly its fields are given.

        An SMS goes by its own name (``visit_d7``), a screen's words by ``ussd.`` and theirs.
        """
        return self.text(key, language).filled(fields)

    def text(self, key: str, language: str) -> Text:
        try:
            return self._language(language).texts[key]
        except KeyError:
            raise WrongText(f"There is no text {key!r} in {language!r}.") from None

    def version(self, key: str, language: str) -> str:
        """A short hash of the words, kept with every message that was made of them."""
        return self.text(key, language).version

    def has(self, key: str) -> bool:
        """Whether there is such a text in every language."""
        return all(key in language.texts for language in self.by_language.values())

    def day(self, day: datetime.date, language: str) -> str:
        """``day`` in words, such as *Thursday 12 November*."""
        return self._language(language).day(day)

    def _language(self, code: str) -> Language:
        try:
            return self.by_language[code]
        except KeyError:
            raise WrongText(f"There is no language {code!r}.") from None
