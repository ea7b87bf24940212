"""What ``doctor`` finds in an installation that opens."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

import requests

from config import safety
from config.clock import RealClock
from config.gateways import definition
from handlers.cli.parts import Opened
from service.actions.approve import unapproved
from service.actions.sites import all_sites
from service.reports.readiness import backlog
from service.reports.troubles import Trouble, TroubleKind, troubles
from service.store.database import database_now

CLOCKS_MAY_DIFFER: Final = timedelta(seconds=5)
PATIENCE: Final = 5
"""Seconds for the public address to answer."""


class State(StrEnum):
    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """``mend`` says what to do, where there is something."""

    what: str
    state: State
    sentence: str
    mend: str = ""


def ok(what: str, sentence: str) -> Finding:
    return Finding(what, State.OK, sentence)


def note(what: str, sentence: str, mend: str = "") -> Finding:
    return Finding(what, State.NOTE, sentence, mend)


def problem(what: str, sentence: str, mend: str = "") -> Finding:
    return Finding(what, State.PROBLEM, sentence, mend)


def findings(everything: Opened) -> Iterator[Finding]:
    for look in (_safety, _clock, _troubles, _gateways, _address, _sites, _plans, _texts, _unknown):
        yield from look(everything)


def _safety(everything: Opened) -> Iterator[Finding]:
    """What refuses to start; a demonstration is let through."""
    demo = everything.settings.demo
    against = safety.unsafe(everything.configuration, everything.parts)
    for sentence in against:
        yield note("safety", sentence) if demo else problem("safety", sentence)
    if demo:
        yield note(
            "safety", "KHOPOTSO_DEMO=1: unsafe settings do not stop the start.", "Unset it for real people."
        )
    elif not against:
        yield ok("safety", "Nothing stands against meeting real people.")


def _clock(everything: Opened) -> Iterator[Finding]:
    theirs = everything.store.read(lambda reading: database_now(reading.connection))
    apart = abs(RealClock().now() - datetime.fromtimestamp(theirs, UTC))
    if apart > CLOCKS_MAY_DIFFER:
        yield problem(
            "clock",
            f"This machine and the database differ by {apart.total_seconds():.0f} seconds.",
            "Switch on time synchronisation on both (systemd-timesyncd or chrony).",
        )
    elif _is_synchronised() is False:
        yield note(
            "clock",
            "Nobody keeps the clock of this machine right.",
            "Switch on time synchronisation (systemd-timesyncd or chrony).",
        )
    else:
        now = everything.parts.clock.now().astimezone(everything.settings.timezone)
        yield ok("clock", f"It is {now:%A %Y-%m-%d %H:%M} in {everything.settings.timezone}.")


def _is_synchronised() -> bool | None:
    """What the kernel says (adjtimex(2) with nothing to set); ``None`` where it cannot be asked."""
    not_synchronised = 5
    try:
        said: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (AttributeError, OSError):
        return None
    return said != not_synchronised


def _troubles(everything: Opened) -> Iterator[Finding]:
    """What needs somebody's hand just now."""
    found = everything.store.read(lambda reading: troubles(reading, everything.configuration.gateways))
    yield from map(_of_trouble, found)
    if not any(trouble.kind is TroubleKind.BACKLOG for trouble in found):
        yield ok("backlog", "Nothing waits that should have left.")


_WHERE_TO_LOOK: Final = {
    TroubleKind.ACCOUNT: "Look at the account: its credit, its key, its sender.",
    TroubleKind.PROVIDER: "Ask whether the provider has a disturbance; it is tried again.",
}


def _of_trouble(trouble: Trouble) -> Finding:
    match trouble.kind:
        case TroubleKind.DANGER:
            sentence = f"Danger is not settled: {trouble.about}, since {trouble.since:%Y-%m-%d %H:%M} UTC."
            return problem("danger", sentence, "Ask the coordinator; it stands on top of the tasks.")
        case TroubleKind.ACCOUNT | TroubleKind.PROVIDER as kind:
            sentence = f"{trouble.about} rests until {trouble.until:%H:%M} UTC: {trouble.why}."
            return problem("gateway", sentence, _WHERE_TO_LOOK[kind])
        case TroubleKind.CREDIT:
            sentence = (
                f"Little is left at {trouble.about}: {trouble.why}, {trouble.since:%Y-%m-%d %H:%M} UTC."
            )
            return note("credit", sentence, "Top the account up; what is left lasts three days at most.")
        case TroubleKind.PAUSED:
            sentence = f"Paused since {trouble.since:%Y-%m-%d %H:%M} UTC by {trouble.why}: {trouble.about}."
            return note("pause", sentence, "khopotso resume")
        case TroubleKind.BACKLOG | TroubleKind.LEDGER:
            return _of_reminders(trouble)
        case TroubleKind.WEBHOOK:
            sentence = f"The webhook {trouble.about} takes nothing since {trouble.since:%Y-%m-%d %H:%M} UTC."
            return problem("webhook", sentence, f"Ask its owner; khopotso webhook test {trouble.about!r}")
        case _:
            assert_never(trouble.kind)


def _of_reminders(trouble: Trouble) -> Finding:
    since = f"{trouble.since:%Y-%m-%d %H:%M} UTC"
    if trouble.kind is TroubleKind.LEDGER:
        sentence = f"It did not add up, {since}: {trouble.why}."
        return problem("ledger", sentence, "khopotso ledger check; find the cause, then close the task.")
    sentence = f"{trouble.about} reminders and texts wait, the oldest since {since}."
    return problem("backlog", sentence, "Start a worker (khopotso run or khopotso worker), or read its log.")


def _gateways(everything: Opened) -> Iterator[Finding]:
    for name, chosen in everything.configuration.gateways.items():
        advice = definition(name).advice(chosen)
        yield from (note("gateway", sentence) for sentence in advice)
        if not advice:
            yield ok("gateway", f"{name} is set up.")
    if safety.NOT_REAL.issuperset(everything.settings.gateways):
        yield note("gateway", "No text leaves: no gateway of KHOPOTSO_GATEWAYS is a provider.")


def _address(everything: Opened) -> Iterator[Finding]:
    public = everything.settings.public_url
    if not public:
        if not safety.NOT_REAL.issuperset(everything.settings.gateways):
            yield note(
                "address",
                "Without a public address no provider can call.",
                "Set KHOPOTSO_PUBLIC_URL to the https:// address at which this service is reached.",
            )
        return
    try:
        answer = requests.get(f"{public.rstrip('/')}/healthz", timeout=PATIENCE)
        answer.raise_for_status()
    except requests.RequestException as error:
        yield note(
            "address",
            f"{public} does not answer ({type(error).__name__}).",
            "Start the service, and look at the proxy, the name and the certificate.",
        )
    else:
        yield ok("address", f"{public} answers.")


def _sites(everything: Opened) -> Iterator[Finding]:
    sites = everything.store.read(all_sites)
    active = sum(site.active for site in sites)
    if active:
        yield ok("sites", f"{active} of {len(sites)} sites may send.")
    else:
        yield note(
            "sites",
            "No site may send yet.",
            "khopotso site add NAME --district D, then khopotso site activate NAME",
        )


def _plans(everything: Opened) -> Iterator[Finding]:
    waiting = everything.store.read(lambda reading: unapproved(reading, everything.programme.plans))
    for plan in everything.programme.plans:
        if plan.name in waiting:
            yield note(
                "plans",
                f"{plan.name} is awaiting approval by two people.",
                f"khopotso plans approve {plan.name} --as STAFF",
            )
        else:
            yield ok("plans", f"{plan.name} is approved as it stands.")


def _texts(everything: Opened) -> Iterator[Finding]:
    for code, language in everything.programme.texts.by_language.items():
        waiting = sum(bool(text.review) for text in language.texts.values())
        if waiting:
            yield note("texts", f"{code}: {waiting} of {len(language.texts)} texts are awaiting review.")
        else:
            yield ok("texts", f"{code}: {len(language.texts)} texts.")


def _unknown(everything: Opened) -> Iterator[Finding]:
    unknown = everything.store.read(backlog).unknown
    if unknown:
        yield note(
            "backlog", f"Of {unknown} texts nobody knows whether they left.", "khopotso report deliveries"
        )
