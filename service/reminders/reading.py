"""From the text of plan files to plans, or to everything that is wrong with them at once. Opens no file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from service.reminders.contradictions import contradictions
from service.reminders.plan import KnownTexts, Plan, Step


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
    plans = {file: _read_plan(file, text, problems) for file, text in sorted(files.items())}
    file_of = {plan.name: file for file, plan in plans.items()}
    problems += [
        PlanError(file_of[found.plan], found.step, found.what)
        for found in contradictions(plans.values(), known_texts)
    ]
    return problems or tuple(plans.values())


_STEP: Final = TypeAdapter(Step)


def _read_plan(file: str, text: str, problems: list[PlanError]) -> Plan:
    tables = _step_tables(file, text, problems)
    steps = (_read_step(file, place, table, problems) for place, table in enumerate(tables, start=1))
    return Plan(file.removesuffix(".toml"), tuple(step for step in steps if step))


def _step_tables(file: str, text: str, problems: list[PlanError]) -> list[object]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(PlanError(file, "", f"is not TOML: {error}"))
        return []
    problems += [PlanError(file, "", f"unknown key '{key}'") for key in content if key != "step"]
    tables = content.get("step")
    if isinstance(tables, list) and tables:
        return tables
    problems.append(PlanError(file, "", "has no [[step]]"))
    return []


def _read_step(file: str, place: int, table: object, problems: list[PlanError]) -> Step | None:
    try:
        return _STEP.validate_python(table)
    except ValidationError as error:
        step = _name(table, place)
        problems += [PlanError(file, step, _sentence(mistake)) for mistake in error.errors()]
        return None


def _name(table: object, place: int) -> str:
    named = table.get("id") if isinstance(table, dict) else None
    return named if isinstance(named, str) else f"#{place}"


def _sentence(mistake: ErrorDetails) -> str:
    key = ".".join(map(str, mistake["loc"]))
    return _MISTAKES.get(mistake["type"], "'{key}': {msg}").format(key=key, msg=mistake["msg"])


_MISTAKES: Final = {"missing": "'{key}' is missing", "unexpected_keyword_argument": "unknown key '{key}'"}
