"""Settings that must not meet real people. Only ``DEMO=1`` lets a process start in spite of them."""

from collections.abc import Iterator

from config.gateways import definition
from config.settings import PREFIX, Settings, SettingsError
from config.wiring import Configuration
from service.actions.approve import unapproved
from service.actions.roster import first_hole
from service.parts import Parts
from service.seeding.seed import is_seeded
from service.store.keys import Key

NOT_REAL = frozenset({"simulator", "console"})
"""Gateways over which no text reaches a phone."""

FEWEST_BYTES = 12
"""Different bytes in a key; 32 random ones have fewer once in far more tries than anybody will make."""


def insist(configuration: Configuration, parts: Parts) -> None:
    """Raise ``SettingsError`` with everything that is unsafe, unless this is a demonstration."""
    if not configuration.settings.demo:
        problems = unsafe(configuration, parts)
        if problems:
            raise SettingsError(problems)


def unsafe(configuration: Configuration, parts: Parts) -> tuple[str, ...]:
    """Everything that stands against serving real people, one sentence each."""
    settings = configuration.settings
    problems = [
        why for name, chosen in configuration.gateways.items() for why in definition(name).unsafe(chosen)
    ]
    problems += [
        f"{PREFIX}PUBLIC_URL: {name} signs the address that it calls; set the https:// address that it knows."
        for name, gateway in parts.gateways.items()
        if gateway.signs and not settings.public_url
    ]
    if any(map(_is_made_up, parts.store.vault.ring.keys)):
        problems.append(
            f"{PREFIX}KEY_FILE: its key was not drawn at random; make one with: khopotso keys create FILE"
        )
    if settings.transport_number is None:
        problems.append(
            f"{PREFIX}TRANSPORT_NUMBER: set the free emergency transport that a woman in danger should call."
        )
    if hole := parts.store.read(first_hole):
        problems.append(
            f"Nobody is on call at {hole.astimezone(settings.timezone):%H:%M}. Say who is, by day and at "
            "night: khopotso staff on-call NAME --hours 17:00-08:00, or whom there is to ask: "
            "khopotso staff add NAME --phone PHONE --role coordinator --site SITE --on-call"
        )
    if parts.store.read(is_seeded) and not NOT_REAL.issuperset(settings.gateways):
        problems.append(f"{PREFIX}DATABASE_URL: demo filled this database; it must not meet a real gateway.")
    return (*problems, *_unapproved(settings, parts))


def _unapproved(settings: Settings, parts: Parts) -> Iterator[str]:
    waiting = parts.store.read(lambda reading: unapproved(reading, parts.programme.plans))
    if waiting and settings.unapproved_plans == "refuse":
        yield (
            f"Two people must approve each plan as it stands; these wait: {', '.join(waiting)}. "
            "See khopotso plans list, then khopotso plans approve PLAN --as STAFF; or set "
            f"{PREFIX}UNAPPROVED_PLANS=allow."
        )


def _is_made_up(key: Key) -> bool:
    return key.data == key.index or min(len(set(key.data)), len(set(key.index))) < FEWEST_BYTES
