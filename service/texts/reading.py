"""From the table of one language file to its values, with everything that is wrong in it."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from service.domain.people import Wording
from service.gsm import Encoding
from service.texts.values import FIELD, DayWord, Language, Text, Tier

Table = Mapping[str, object]

_SECTIONS: Final = ("language", "days", "months", "gate", "sms", "ussd")
_ENTRY: Final = ("text", "tier", "says", "instead", "encoding", "confidence", "review")
_DATE_FIELDS: Final = frozenset({"weekday", "day", "month"})


class Confidence(StrEnum):
    """How sure the writer of a translation was."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"
    UNSAID = ""


_Choice = TypeVar("_Choice", bound=StrEnum)


class LanguageFile:
    """One language file. ``wrong`` has a sentence for everything that could not be taken as it stands."""

    def __init__(self, code: str, content: Table) -> None:
        self.wrong: list[str] = []
        self._file = f"{code}.toml"
        self._content = content
        self._only(_SECTIONS, content, "the file")
        self._review = self._string("language.review", self._section("language").get("review", ""))
        self.gate = self._gate()
        self.language = self._language(code)

    def _language(self, code: str) -> Language:
        about = self._section("language")
        self._only(("name", "date", "review", *DayWord), about, "language")
        return Language(
            code=code,
            name=self._word("language.name", about.get("name")),
            date=self._date_form(about.get("date")),
            days=self._numbered("days", 7),
            months=self._numbered("months", 12),
            day_words=MappingProxyType(
                {day: self._words(f"language.{day}", about.get(day)) for day in DayWord}
            ),
            texts=MappingProxyType({text.key: text for text in self._texts()}),
        )

    def _gate(self) -> dict[Wording, tuple[str, ...]]:
        """Words of this language that the gate must know besides its own."""
        table = self._table("gate", self._content.get("gate", {}))
        tiers = (Wording.T0, Wording.T1)
        self._only(tiers, table, "gate")
        return {tier: self._words(f"gate.{tier}", table.get(tier, [])) for tier in tiers}

    def _texts(self) -> Iterator[Text]:
        for key, entry in self._section("sms").items():
            yield self._text(key, f"sms.{key}", self._table(f"sms.{key}", entry), None)
        for key, value in _leaves("ussd", self._section("ussd")):
            entry = {"text": value} if isinstance(value, str) else self._table(key, value)
            yield self._text(key, key, entry, Tier.T1)

    def _text(self, key: str, place: str, entry: Table, usual_tier: Tier | None) -> Text:
        self._only(_ENTRY, entry, place)
        says = entry.get("says")
        return Text(
            key=key,
            text=self._wording(f"{place}.text", entry.get("text")),
            tier=self._choice(Tier, Tier.T0, f"{place}.tier", entry.get("tier", usual_tier)),
            says=None if says is None else self._choice(DayWord, DayWord.TODAY, f"{place}.says", says),
            instead=self._string(f"{place}.instead", entry.get("instead", "")),
            encoding=self._choice(
                Encoding, Encoding.GSM7, f"{place}.encoding", entry.get("encoding", Encoding.GSM7)
            ),
            confidence=self._choice(
                Confidence, Confidence.UNSAID, f"{place}.confidence", entry.get("confidence", "")
            ),
            review=self._string(f"{place}.review", entry.get("review", self._review)),
        )

    # Each of these gives back something of the right type, and complains when that is not what was written.

    def _complain(self, place: str, what: str) -> None:
        self.wrong.append(f"{self._file}: {place}: {what}")

    def _only(self, known: tuple[str, ...], table: Table, place: str) -> None:
        for key in table.keys() - set(known):
            self._complain(place, f"“{key}” means nothing here; known are {', '.join(known)}")

    def _section(self, name: str) -> Table:
        return self._table(name, self._content.get(name))

    def _table(self, place: str, value: object) -> Table:
        if isinstance(value, dict):
            return value
        self._complain(place, "a table is needed here")
        return {}

    def _string(self, place: str, value: object) -> str:
        if isinstance(value, str):
            return value
        self._complain(place, "words in quotation marks are needed here")
        return ""

    def _word(self, place: str, value: object) -> str:
        word = self._string(place, value)
        if isinstance(value, str) and not word.strip():
            self._complain(place, "it is empty")
        return word

    def _words(self, place: str, value: object) -> tuple[str, ...]:
        if isinstance(value, list):
            return tuple(self._word(place, word) for word in value)
        self._complain(place, "a list of words is needed here")
        return ()

    def _numbered(self, name: str, last: int) -> tuple[str, ...]:
        table = self._section(name)
        numbers = tuple(str(number) for number in range(1, last + 1))
        self._only(numbers, table, name)
        return tuple(self._word(f"{name}.{number}", table.get(number)) for number in numbers)

    def _wording(self, place: str, value: object) -> str:
        text = self._word(place, value)
        if re.search(r"[{}]", FIELD.sub("", text)):
            self._complain(place, "a field is a bare {name}: no dots, no formats, no other braces")
            return re.sub(r"[{}]", "", text)
        return text

    def _date_form(self, value: object) -> str:
        form = self._wording("language.date", value)
        if set(FIELD.findall(form)) != _DATE_FIELDS:
            self._complain("language.date", "a date is made of {weekday}, {day} and {month}")
            return "{weekday} {day} {month}"
        return form

    def _choice(self, kind: type[_Choice], usual: _Choice, place: str, value: object) -> _Choice:
        known = {member.value: member for member in kind}
        if isinstance(value, str) and value in known:
            return known[value]
        self._complain(place, f"{value!r} is not one of {', '.join(filter(None, known))}")
        return usual


def _leaves(place: str, table: Table) -> Iterator[tuple[str, object]]:
    """A screen's words are a string, or a table with a ``text``; any other table holds more of them."""
    for name, value in table.items():
        key = f"{place}.{name}"
        if isinstance(value, dict) and not isinstance(value.get("text"), str):
            yield from _leaves(key, value)
        else:
            yield key, value
