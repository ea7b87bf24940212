"""Reads the captured wire texts, and says what a gateway made of them in the words in which they are written.

A file under ``wire/<gateway>/`` holds blocks with a blank line between them. The first line of a block names
the case; each further line is ``name: value``. Lines that begin with ``#`` are remarks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import assert_never

from handlers.gateways.definition import Definition, GatewaySettings
from service.domain.message import Accepted, Refused, SendResult, TryLater, Unknown
from service.domain.phone import Phone
from service.ports import (
    Cumulative,
    LastInput,
    OptOutReceived,
    ReceiptReceived,
    TextReceived,
    Unreadable,
    UssdEnded,
    UssdTurn,
    WebhookEvent,
)

WIRE = Path(__file__).with_name("wire")


@dataclass(frozen=True)
class Case:
    gateway: str
    title: str
    lines: tuple[tuple[str, str], ...]

    def one(self, name: str, default: str = "") -> str:
        return next(iter(self.all(name)), default)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.lines if key == name]

    def __str__(self) -> str:
        return f"{self.gateway}: {self.title}"


def cases(gateway: str, file: str) -> list[Case]:
    """The cases of one file; none where the gateway has no such file."""
    path = WIRE / gateway / file
    if not path.exists():
        return []
    lines = (line for line in path.read_text().splitlines() if not line.startswith("#"))
    return [_case(gateway, block) for block in _blocks(lines)]


def settings(definition: Definition[GatewaySettings], **replaced: str) -> GatewaySettings:
    """The settings in ``settings.txt``, written as in the environment, as far as not ``replaced``."""
    given = dict(cases(definition.name, "settings.txt")[0].lines)
    return definition.settings.model_validate({**given, **{k: v for k, v in replaced.items() if k in given}})


def _blocks(lines: Iterable[str]) -> Iterable[list[str]]:
    block: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            block.append(line.strip())
        elif block:
            yield block
            block = []


def _case(gateway: str, block: list[str]) -> Case:
    pairs = (line.partition(":") for line in block[1:])
    return Case(gateway, block[0], tuple((name.strip(), value.strip()) for name, _, value in pairs))


def said_of(result: SendResult) -> str:
    match result:
        case Accepted(provider_id, parts, cost):
            count = f", {parts} parts" if parts else ""
            money = f", {cost.amount} {cost.currency}" if cost else ""
            return f"accepted {provider_id}{count}{money}"
        case Refused(why, _):
            return f"refused {why}"
        case TryLater(why, after, _):
            return f"try later {why}" + (f", after {after.total_seconds():.0f} s" if after else "")
        case Unknown():
            return "unknown"
        case _:
            assert_never(result)


def said_of_event(event: WebhookEvent) -> str:
    return ", ".join(f"{name} {value}" for name, value in _facts(event) if value)


def _facts(event: WebhookEvent) -> list[tuple[str, str]]:
    match event:
        case TextReceived(external_id, sender, phone, text, at):
            found = [("text", repr(text)), ("id", external_id), ("from", sender)]
            return [*found, ("phone", _number(phone)), ("at", _time(at))]
        case ReceiptReceived():
            return _receipt_facts(event)
        case OptOutReceived(phone, at):
            return [("opt-out", _number(phone)), ("at", _time(at))]
        case UssdTurn(session, phone, code, typed):
            found = [("turn", session), ("phone", _number(phone)), ("code", code)]
            return [*found, ("typed", _typed(typed))]
        case UssdEnded(session, phone, completed, hops):
            end = "completed" if completed else "dropped"
            return [("end", session), ("phone", _number(phone)), ("as", end), ("hops", str(hops or ""))]
        case Unreadable(why):
            return [("unreadable:", why)]
        case _:
            assert_never(event)


def _receipt_facts(event: ReceiptReceived) -> list[tuple[str, str]]:
    return [
        ("receipt", event.provider_id),
        ("word", event.word),
        ("state", event.state or "none"),
        ("phone", _number(event.phone)),
        ("reason", event.reason),
        ("and", "opted out" if event.opted_out else ""),
        ("attempt", str(event.attempt_id or "")),
        ("at", _time(event.occurred_at)),
    ]


def _typed(typed: Cumulative | LastInput) -> str:
    match typed:
        case Cumulative(text):
            return repr(text)
        case LastInput(text, turn):
            return f"last {text!r} turn {turn}"


def _number(phone: Phone | None) -> str:
    return phone.e164 if phone else "none"


def _time(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
