"""From the text of plan files to plans, or to everything that is wrong with them at once. Opens no file."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from service.domain.ladder import Rung
from service.reminders.contradictions import contradictions
from service.reminders.plan import DateStep, KnownTexts, Plan, Step, TaskStep
from service.reminders.vocabulary import CLOSED, Days


@dataclass(frozen=True)
class PlanError:
    """One thing wrong with a plan file. ``step`` is its id, or its place (``#2``) while it has none."""

    file: str
    step: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}, {self.step}: {self.what}" if self.step else f"{self.file}: {self.what}"


def read_plans(files: Mapping[str, str], known_texts: KnownTexts) -> tuple[Plan, ...] | list[PlanError]:
    """``files`` is name → TOML text. A plan takes its file's name, without ``.toml``.

    What a step's form hides (a word misspelt, a key missing) shows in the same list as the contradictions of
    all the steps that could be read.
    """
    problems: list[PlanError] = []
    plans = {file: _File(file, text, problems).plan() for file, text in sorted(files.items())}
    file_of = {plan.name: file for file, plan in plans.items()}
    problems += [
        PlanError(file_of[found.plan], found.step, found.what)
        for found in contradictions(tuple(plans.values()), known_texts)
    ]
    return problems or tuple(plans.values())


def content_hash(text: str) -> str:
    """What people approve: the file as they read it, its comments included."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class _Rung(Rung):
    """A rung as it stands in a file, where an unknown key or a day in quotes is a mistake."""

    __pydantic_config__ = CLOSED

    days: Days
    tries: Days = 1


_STEP: Final = TypeAdapter(Step)
_TASK: Final = TypeAdapter(TaskStep)
_DATE: Final = TypeAdapter(DateStep)
_RUNG: Final = TypeAdapter(_Rung)
_SECTIONS: Final = ("step", "task", "date", "rung")

_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class _File:
    """One plan file, and the list to which it adds what is wrong with it."""

    name: str
    text: str
    problems: list[PlanError]

    def plan(self) -> Plan:
        tables = self._tables()
        rungs = self._entries(_RUNG, "rung", tables)
        return Plan(
            name=self.name.removesuffix(".toml"),
            steps=self._entries(_STEP, "step", tables),
            tasks=self._entries(_TASK, "task", tables),
            dates=self._entries(_DATE, "date", tables),
            rungs=rungs,
            content_hash=content_hash(self.text),
        )

    def _wrong(self, step: str, what: str) -> None:
        self.problems.append(PlanError(self.name, step, what))

    def _tables(self) -> dict[str, list[object]]:
        try:
            content = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            self._wrong("", f"is not TOML: {error}")
            return {}
        for key in content.keys() - set(_SECTIONS):
            self._wrong("", f"unknown key '{key}'")
        for key in _SECTIONS:
            if not isinstance(content.get(key, []), list):
                self._wrong("", f"'{key}' must be written [[{key}]]")
        if not any(content.get(key) for key in _SECTIONS):
            self._wrong("", "has no [[step]], [[task]], [[date]] or [[rung]]")
        return {key: content[key] for key in _SECTIONS if isinstance(content.get(key), list)}

    def _entries(
        self, form: TypeAdapter[_Entry], section: str, tables: Mapping[str, list[object]]
    ) -> tuple[_Entry, ...]:
        read = (
            self._entry(form, table, f"#{place}" if section == "step" else f"{section} #{place}")
            for place, table in enumerate(tables.get(section, ()), start=1)
        )
        return tuple(entry for entry in read if entry)

    def _entry(self, form: TypeAdapter[_Entry], table: object, place: str) -> _Entry | None:
        try:
            return form.validate_python(table)
        except ValidationError as error:
            named = table.get("id") if isinstance(table, dict) else None
            for mistake in error.errors():
                self._wrong(named if isinstance(named, str) else place, _sentence(mistake))
            return None


def _sentence(mistake: ErrorDetails) -> str:
    key = ".".join(map(str, mistake["loc"]))
    return _MISTAKES.get(mistake["type"], "'{key}': {msg}").format(key=key, msg=mistake["msg"])


_MISTAKES: Final = {"missing": "'{key}' is missing", "unexpected_keyword_argument": "unknown key '{key}'"}
