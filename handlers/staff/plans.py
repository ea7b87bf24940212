"""Plans and texts: what is sent when and in which words, and who has approved it as it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Blueprint, abort
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page, words
from handlers.staff.titles import family_of
from service.actions import approve as approving
from service.actions.approve import Standing, Version, version_of_plan, version_of_text
from service.gsm import AsSent, as_sent
from service.programme import Programme
from service.reminders.plan import Plan, Step
from service.store.transaction import Reading, Transaction
from service.texts import Text

SCREENS: Final = "ussd."
"""How the names of texts begin that stand on a screen of the menu, and are sent to nobody."""

STAFF: Final = "staff_"
"""How the names of those begin that go to colleagues."""


@dataclass(frozen=True)
class Saying:
    """A text in one language, and what a phone would show of it filled in as an example."""

    language: str
    name: str
    text: Text
    shown: AsSent


def add_plans(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.get("/plans")
    def plan_list() -> str:
        versions = [version_of_plan(plan) for plan in programme.plans]
        return page("plans.html", rows=desk.ask(lambda reading: approving.standings(reading, versions)))

    @pages.get("/plans/<name>")
    def plan(name: str) -> str:
        found = _plan(programme, name)
        return desk.ask(lambda reading: _plan_page(reading, found))

    @pages.post("/plans/<name>/approve")
    def approve_plan(name: str) -> AnyResponse:
        return _approve(desk, version_of_plan(_plan(programme, name)))


def add_texts(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.get("/texts")
    def text_list() -> str:
        keys = _keys(programme)
        versions = [version_of_text(programme.texts, key) for key in keys]
        examples = {key: _example_of(desk, key) for key in keys}
        return desk.ask(
            lambda reading: page(
                "texts.html",
                groups=_grouped(programme, approving.standings(reading, versions)),
                examples=examples,
            )
        )

    @pages.get("/texts/<key>")
    def text(key: str) -> str:
        version = _version_of(programme, key)
        sayings = tuple(_sayings(desk, key))
        return desk.ask(
            lambda reading: page(
                "text.html",
                key=key,
                sayings=sayings,
                standing=approving.standing(reading, version),
                uses=list(_uses(programme, key)),
                may=_may_approve(),
            )
        )

    @pages.post("/texts/<key>/approve")
    def approve_text(key: str) -> AnyResponse:
        return _approve(desk, _version_of(programme, key))


def _plan(programme: Programme, name: str) -> Plan:
    return next((plan for plan in programme.plans if plan.name == name), None) or abort(404)


def _plan_page(reading: Reading, found: Plan) -> str:
    return page(
        "plan.html",
        plan=found,
        standing=approving.standing(reading, version_of_plan(found)),
        may=_may_approve(),
    )


def _keys(programme: Programme) -> tuple[str, ...]:
    """The texts that are sent, by name, in the order of their file."""
    first = next(iter(programme.texts.by_language.values()))
    return tuple(key for key in first.texts if not key.startswith(SCREENS))


def _grouped(programme: Programme, rows: Sequence[Standing]) -> Mapping[str, list[Standing]]:
    """The texts by what makes them go."""
    groups: dict[str, list[Standing]] = {"by_plan": [], "answers": [], "to_colleagues": []}
    for row in rows:
        groups[_group(programme, row.name)].append(row)
    return groups


def _group(programme: Programme, key: str) -> str:
    if key.startswith(STAFF):
        return "to_colleagues"
    return "by_plan" if any(_uses(programme, key)) else "answers"


def _uses(programme: Programme, key: str) -> Iterator[tuple[Plan, Step]]:
    """The steps that send a text, or the one in whose place it goes."""
    family = family_of(key)
    for plan in programme.plans:
        for step in plan.steps:
            if any(text.key == family for text in step.texts):
                yield plan, step


def _version_of(programme: Programme, key: str) -> Version:
    return version_of_text(programme.texts, key) if key in _keys(programme) else abort(404)


def _example_of(desk: Desk, key: str) -> Saying:
    """In the language of whoever reads it, if texts are said in it."""
    first, *others = _sayings(desk, key)
    return next((one for one in others if one.language == words().language), first)


def _sayings(desk: Desk, key: str) -> Iterator[Saying]:
    texts = desk.parts.programme.texts
    for code in texts.languages:
        text = texts.text(key, code)
        fields = {name: value for name, value in _example(desk, code).items() if name in text.fields}
        yield Saying(code, texts.name(code), text, as_sent(text.filled(fields), code))


def _example(desk: Desk, language: str) -> Mapping[str, str]:
    """What the fields of a text might hold; nobody is called so, and no number is anybody's."""
    programme = desk.parts.programme
    safe = programme.calendar.safe
    return {
        "n": "Palesa",
        "m": "Lineo",
        "b": "Neo",
        "u": programme.ussd_code,
        "p": programme.transport_number or "000",
        "c": "042117",
        "t1": f"{safe.starts:%H:%M}",
        "t2": f"{safe.ends:%H:%M}",
        "d": programme.texts.by_language[language].day(desk.today() + timedelta(days=7)),
    }


def _may_approve() -> bool:
    return bool(me().roles & frozenset(approving.MAY_APPROVE))


def _approve(desk: Desk, version: Version) -> AnyResponse:
    def act(tx: Transaction) -> str:
        return back(f"word_{approving.approve(tx, version, me().id)}")

    return desk.act(act)
