"""Settings that must not meet real people. Only ``DEMO=1`` lets a process start in spite of them."""

from config.gateways import definition
from config.settings import PREFIX, SettingsError
from config.wiring import Configuration
from service.actions.roster import on_call
from service.parts import Parts
from service.seeding.seed import is_seeded

_NOT_REAL = frozenset({"simulator", "console"})


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
        f"{PREFIX}{name.upper()}: {why}"
        for name, chosen in configuration.gateways.items()
        for why in definition(name).unsafe(chosen)
    ]
    if settings.transport_number is None:
        problems.append(
            f"{PREFIX}TRANSPORT_NUMBER: set the free emergency transport that a woman in danger should call."
        )
    if parts.store.read(on_call) is None:
        problems.append(
            "Nobody is on call. Add somebody with: "
            "khopotso staff add NAME --phone PHONE --role coordinator --site SITE --on-call"
        )
    if parts.store.read(is_seeded) and not _NOT_REAL.issuperset(settings.gateways):
        problems.append(f"{PREFIX}DATABASE_URL: demo filled this database; it must not meet a real gateway.")
    return tuple(problems)
