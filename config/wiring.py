"""The one file that knows every part and puts them together."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from threading import Event

import holidays

from config.clock import DemoClock, RealClock
from config.gateways import NAMES, definition, gateway_settings
from config.settings import PREFIX, Settings, SettingsError, load, named_gateways
from handlers.courier import RoadCourier
from handlers.gateways.definition import GatewaySettings, PostHome, Surroundings
from service.actions.route import Line
from service.domain.hours import Calendar
from service.menu.screens import menu
from service.parts import Parts
from service.ports import Clock, Gateway
from service.preview.clock import HandClock
from service.preview.engine import Engine, Watch
from service.preview.habits import Lives
from service.programme import Programme
from service.reminders.plan import KnownText, Plan, Says, timing_version
from service.reminders.reading import read_plans
from service.store import database, keys
from service.store.crypto import Vault
from service.store.keys import KeyFileError
from service.store.spool import Spool
from service.store.store import Store
from service.texts import BadTexts, Texts, load_sound

_HOLIDAY_YEARS = range(2020, 2051)


@dataclass(frozen=True)
class Configuration:
    """What the operator wrote, checked."""

    settings: Settings
    gateways: Mapping[str, GatewaySettings]


def read_settings() -> Configuration:
    """Read every setting from the environment. Raises ``SettingsError`` with all problems at once."""
    problems: list[str] = []
    try:
        settings = load(NAMES)
    except SettingsError as error:
        problems += error.problems
        settings = None
    asked_for = settings.gateways if settings else named_gateways(os.environ)
    try:
        gateways = gateway_settings(os.environ, [name for name in asked_for if name in NAMES])
    except SettingsError as error:
        problems += error.problems
    if settings is None or problems:
        raise SettingsError(problems)
    return Configuration(settings, gateways)


@contextmanager
def open_parts(
    configuration: Configuration, clock: Clock | None = None, post_home: PostHome | None = None
) -> Iterator[Parts]:
    """Everything, opened and checked; closed again at the end.

    Raises ``SettingsError``, ``KeyFileError`` or ``DatabaseUnusable``, whose sentences are for the operator.
    """
    settings = configuration.settings
    programme = read_programme(configuration)
    clock = clock or the_clock(settings)
    with open_store(settings, clock) as store, open_spool(settings, store.vault) as spool:
        yield Parts(
            store=store,
            programme=programme,
            gateways=_gateways(configuration, post_home),
            lines=_lines(configuration),
            spool=spool,
            clock=clock,
            demo=settings.demo,
            courier=RoadCourier(here_too=settings.demo),
            heartbeat_url=settings.heartbeat_url,
            metrics_bind=settings.metrics_bind,
        )


@contextmanager
def open_spool(settings: Settings, vault: Vault) -> Iterator[Spool]:
    """Where what comes in waits while the database is away. Raises ``SpoolUnusable``."""
    spool = Spool(settings.data_dir / "spool" / "inbound", vault)
    try:
        yield spool
    finally:
        spool.close()


def run_worker(parts: Parts, stop: Event) -> None:
    """Do what is due, again and again, until told to stop; then finish the work in hand."""
    from scheduler.clock import work  # whoever only serves needs no scheduler

    work(parts, stop)


def keep_draining(parts: Parts, stop: Event) -> None:
    """Take in what came while the database was away, again and again, until told to stop."""
    from scheduler.housekeeping import keep_draining as drain

    drain(parts, stop)


def work_once(parts: Parts) -> None:
    """Do at once what the worker would do at its next ticks."""
    from scheduler.clock import work_once as once

    once(parts)


def the_clock(settings: Settings) -> Clock:
    return DemoClock(settings.clock) if settings.clock else RealClock()


@contextmanager
def open_store(settings: Settings, clock: Clock) -> Iterator[Store]:
    """The database with its keys, durable and at this program's schema."""
    file = keys.KeyFile(key_file(settings))
    with Store(open_database(settings), Vault(file), clock) as store:
        store.prove_keys()
        yield store


def open_database(settings: Settings) -> database.Database:
    """At this program's schema, and durable unless this is a demonstration. Raises ``DatabaseUnusable``."""
    has, needs = schema(settings)
    if has != needs:
        raise database.DatabaseUnusable(
            f"The database is at schema {has or 'none'}, this program needs {needs}. Run: khopotso db upgrade"
        )
    opened = database.connect(settings.database_address)
    try:
        if not settings.demo:
            database.assert_durable(opened)
    except database.DatabaseUnusable:
        opened.close()
        raise
    return opened


def schema(settings: Settings) -> tuple[str | None, str | None]:
    """The schema version that the database has, and the one that this program needs; makes no database."""
    file = sqlite_file(settings)
    if file and not file.exists():
        raise database.DatabaseUnusable(
            f"There is no database at {file} yet. Make it with: khopotso db upgrade"
        )
    return database.current(settings.database_address)


def upgrade(settings: Settings) -> None:
    """Bring the database to this program's schema; a new SQLite file is for its owner's eyes only."""
    database.connect(settings.database_address).close()  # refuses what is no database that we can use
    database.upgrade(settings.database_address)
    file = sqlite_file(settings)
    if file:
        file.chmod(0o600)


def sqlite_file(settings: Settings) -> Path | None:
    """The file of the database; ``None`` on PostgreSQL."""
    url = database.as_url(settings.database_address)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def key_file(settings: Settings) -> Path:
    if settings.key_file is None:
        raise KeyFileError(f"{PREFIX}KEY_FILE is not set. Make a key file with: khopotso keys create FILE")
    return settings.key_file


def read_programme(configuration: Configuration) -> Programme:
    """Texts, plans and the rules of this installation. Raises ``SettingsError`` with all problems."""
    settings = configuration.settings
    texts = read_texts(settings)
    plans = read_all_plans(settings, texts)
    return Programme(
        texts=texts,
        known=known_texts(texts),
        screens=menu(texts),
        plans=plans,
        timing={plan.name: timing_version(plan) for plan in plans},
        calendar=Calendar(settings.timezone, settings.safe_times, closed_days(settings.country)),
        country=settings.country,
        ussd_code=settings.ussd_code,
        transport_number=settings.transport_number,
        referral_numbers=settings.referral_numbers,
        destinations=settings.allowed_destinations,
        recipients=settings.allowed_recipients,
        text_cap=settings.daily_text_cap,
        reconfirm_after=timedelta(days=settings.reconfirm_after_days),
        spend_cap=settings.daily_spend_cap,
        two_way=_first_is_two_way(configuration),
    )


def read_texts(settings: Settings) -> Texts:
    try:
        return load_sound(settings.texts_dir)
    except BadTexts as error:
        raise SettingsError(error.problems) from None


def read_all_plans(settings: Settings, texts: Texts) -> tuple[Plan, ...]:
    plans = read_plans(plan_files(settings), known_texts(texts))
    if isinstance(plans, list):
        raise SettingsError(str(problem) for problem in plans)
    return plans


def plan_files(settings: Settings) -> dict[str, str]:
    """Name and content of each plan file. Raises ``SettingsError`` where they cannot be read."""
    folder = settings.plans_dir or files("scheduler.plans")
    try:
        contents = {
            file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")
        }
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{PREFIX}PLANS_DIR: {folder} cannot be read: {error}."]) from None
    if not contents:
        raise SettingsError([f"{PREFIX}PLANS_DIR: there is no plan file (such as visits.toml) in {folder}."])
    return contents


def known_texts(texts: Texts) -> dict[str, KnownText]:
    """What plans must know of each text: its tier, and the day that it names."""
    language = texts.by_language[texts.languages[0]]
    return {
        key: KnownText(key, text.wording, Says(text.says) if text.says else Says.NONE, text.instead)
        for key, text in language.texts.items()
        if not key.startswith("ussd.")
    }


def closed_days(country: str) -> frozenset[date]:
    """The country's public holidays; none where the library does not know the country."""
    try:
        return frozenset(holidays.country_holidays(country, years=_HOLIDAY_YEARS))
    except NotImplementedError:
        return frozenset()


def _first_is_two_way(configuration: Configuration) -> bool:
    first, *_ = _lines(configuration)
    return _build(configuration, first.gateway, None).capabilities.two_way


def _gateways(configuration: Configuration, post_home: PostHome | None) -> dict[str, Gateway]:
    return {name: _build(configuration, name, post_home) for name in configuration.settings.gateways}


def _lines(configuration: Configuration) -> tuple[Line, ...]:
    """The gateways that carry texts, in the order in which they are tried."""
    carrying = (
        name
        for name in configuration.settings.gateways
        if _build(configuration, name, None).capabilities.texts
    )
    lines = tuple(Line(name, configuration.gateways[name].tps) for name in carrying)
    if not lines:
        raise SettingsError([f"{PREFIX}GATEWAYS: none of these carries texts; add one that does."])
    return lines


def _build(configuration: Configuration, name: str, post_home: PostHome | None) -> Gateway:
    surroundings = Surroundings(
        terminal=sys.stdout, post_home=post_home, public_url=configuration.settings.public_url
    )
    return definition(name).build(configuration.gateways[name], surroundings)


def preview_engine(configuration: Configuration, programme: Programme) -> Engine:
    """Previews of what this installation would do; nothing of it is stored or sent."""
    names = configuration.settings.gateways
    lines = {name: _build(configuration, name, None).capabilities for name in names}
    return Engine(programme, lines, let_time_pass)


def let_time_pass(parts: Parts, clock: HandClock, until: datetime, lives: Lives, watch: Watch) -> None:
    """Do on a stage what a worker would do up to ``until``."""
    from scheduler.travel import travel  # whoever only serves needs no scheduler

    travel(parts, clock, until, lives, watch)
