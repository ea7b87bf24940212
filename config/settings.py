"""What the operator decides, read once from the environment (prefix ``KHOPOTSO_``)."""

import difflib
import os
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.domain.news import url_fault
from service.domain.people import SafeTimes

PREFIX = "KHOPOTSO_"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_BEGINNING = re.compile(r"\+[0-9]{1,14}")
_E164 = re.compile(r"\+[0-9]{8,15}")
_PHONE = re.compile(r"\+?[0-9 ]{3,20}")


class SettingsError(Exception):
    """Settings that cannot be used: one sentence for each, all at once."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def _listed(value: Any) -> Any:
    return (
        tuple(item.strip() for item in value.split(",") if item.strip()) if isinstance(value, str) else value
    )


def _hours(value: Any) -> tuple[time, time]:
    found = _HOURS.fullmatch(str(value).strip())
    if not found:
        raise ValueError("write hours as 09:00-17:00")
    try:
        starts, ends = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    except ValueError:
        raise ValueError("write hours as 09:00-17:00") from None
    if starts >= ends:
        raise ValueError("the hours must end after they start, on the same day")
    return starts, ends


def _days(value: Any) -> frozenset[int]:
    days: set[int] = set()
    for part in str(value).lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in _WEEKDAYS or (last or first) not in _WEEKDAYS:
            raise ValueError("write days as mon-sat or mon,wed,fri")
        begin, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last or first)
        if begin > end:
            raise ValueError("write days in the order of the week, such as mon-sat")
        days.update(range(begin + 1, end + 2))
    return frozenset(days)


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("is no time zone, such as Africa/Maseru") from None


def _number(value: Any) -> str | None:
    """A number for people to dial; free ones are often too short for E.164, so only the form is checked."""
    text = str(value or "").strip()
    if text and not _PHONE.fullmatch(text):
        raise ValueError("write a number as people dial it")
    return text.replace(" ", "") or None


def _beginnings(numbers: tuple[str, ...]) -> tuple[str, ...]:
    if not all(map(_BEGINNING.fullmatch, numbers)):
        raise ValueError("write how numbers begin, with + and the country's digits, as +2665")
    return numbers


def _mobiles(numbers: tuple[str, ...]) -> tuple[str, ...]:
    if not all(map(_E164.fullmatch, numbers)):
        raise ValueError("write whole numbers, with + and the country's digits and without spaces")
    return numbers


def _moment(value: Any) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError("write a moment as 2026-11-21T10:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _https(value: Any) -> str:
    text = str(value or "").strip()
    if text and url_fault(text, here_too=True):
        raise ValueError("write an address that begins with https://")
    return text


def _bind(value: Any) -> tuple[str, int] | None:
    text = str(value or "").strip()
    host, _, port = text.rpartition(":")
    if text and not (host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ValueError("write an address and a port, as 127.0.0.1:9100")
    return (host.strip("[]"), int(port)) if text else None


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Every setting of the service itself; a gateway's own stand beside the gateway.

    Hours and days are local to ``timezone``. Caps are per day for the whole instance; 0 is none.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True, validate_default=False
    )

    database_url: str = ""
    data_dir: Path = Path("data")
    key_file: Path | None = None
    public_url: str = ""
    timezone: Annotated[ZoneInfo, PlainValidator(_zone)] = ZoneInfo("Africa/Maseru")
    country: str = Field(default="LS", pattern="^[A-Z]{2}$")
    gateways: Listed = ("simulator",)
    allowed_destinations: Annotated[Listed, AfterValidator(_beginnings)] = ("+2665", "+2666")
    allowed_recipients: Annotated[Listed, AfterValidator(_mobiles)] = ()
    safe_hours: Annotated[tuple[time, time], NoDecode, PlainValidator(_hours)] = (time(9), time(17))
    safe_days: Annotated[frozenset[int], NoDecode, PlainValidator(_days)] = frozenset(range(1, 7))
    ussd_code: str = Field(default="", pattern=r"^(\*[0-9*]{1,20}#)?$")
    daily_text_cap: int = Field(default=20_000, ge=0)
    daily_spend_cap: Decimal = Field(default=Decimal(0), ge=0)
    reconfirm_after_days: int = Field(default=90, ge=1)
    plans_dir: Path | None = None
    texts_dir: Path | None = None
    transport_number: Annotated[str | None, PlainValidator(_number)] = None
    referral_numbers: Listed = ()
    heartbeat_url: Annotated[str, PlainValidator(_https)] = ""
    metrics_bind: Annotated[tuple[str, int] | None, NoDecode, PlainValidator(_bind)] = None
    dhis2_url: Annotated[str, PlainValidator(_https)] = ""
    dhis2_token: SecretStr = SecretStr("")
    dhis2_mapping: Path | None = None
    unapproved_plans: Literal["refuse", "allow"] = "refuse"
    demo: bool = False
    clock: Annotated[datetime | None, PlainValidator(_moment)] = None

    @property
    def safe_times(self) -> SafeTimes:
        return SafeTimes(*self.safe_hours, self.safe_days)

    @property
    def database_address(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'khopotso.db').absolute()}"


def load(gateway_names: Collection[str]) -> Settings:
    """Read the settings. Raises ``SettingsError`` with every problem, unknown names among them."""
    problems = [*_unknown_names(os.environ, gateway_names), *_unknown_gateways(os.environ, gateway_names)]
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError([*problems, *explain(error, PREFIX)]) from None
    problems += _contradictions(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def named_gateways(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The gateways that are asked for, whether or not the settings as a whole can be read."""
    named: tuple[str, ...] = _listed(environment.get(f"{PREFIX}GATEWAYS", ""))
    return named


def explain(error: ValidationError, prefix: str, known: Iterable[str] = ()) -> list[str]:
    """One sentence for each problem, with the name as the operator wrote it and never the value.

    ``known`` are the names, without the prefix, among which one may be meant that does not exist.
    """
    return [_sentence(problem, prefix, known) for problem in error.errors(include_input=False)]


def _sentence(problem: ErrorDetails, prefix: str, known: Iterable[str]) -> str:
    name = "_".join(map(str, problem["loc"][:1])).upper()
    match problem["type"]:
        case "extra_forbidden":
            return _no_such(name, prefix, known)
        case "missing":
            return f"{prefix}{name}: must be set."
        case _:
            return f"{prefix}{name}: {problem['msg'].removeprefix('Value error, ')}."


def _no_such(name: str, prefix: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, [one.upper() for one in known], n=1)
    return f"{prefix}{name}: no such setting" + (f"; did you mean {prefix}{close[0]}?" if close else ".")


def _unknown_names(environment: Mapping[str, str], gateway_names: Iterable[str]) -> list[str]:
    known = [name.upper() for name in Settings.model_fields]
    of_gateways = tuple(f"{name.upper()}_" for name in gateway_names)
    named = sorted(name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX))
    return [
        _no_such(name, PREFIX, known)
        for name in named
        if name not in known and not name.startswith(of_gateways)
    ]


def _unknown_gateways(environment: Mapping[str, str], gateway_names: Collection[str]) -> list[str]:
    known = ", ".join(gateway_names)
    named = named_gateways(environment)
    problems = [
        f"{PREFIX}GATEWAYS: there is no gateway {name!r}; known are {known}."
        for name in named
        if name not in gateway_names
    ]
    if len(set(named)) < len(named):
        problems.append(f"{PREFIX}GATEWAYS: names a gateway twice.")
    if not named and environment.get(f"{PREFIX}GATEWAYS"):
        problems.append(f"{PREFIX}GATEWAYS: name at least one of {known}.")
    return problems


def _contradictions(settings: Settings) -> list[str]:
    problems = []
    if settings.clock and not settings.demo:
        problems.append(
            f"{PREFIX}CLOCK: another time than the real one is for demonstrations; it needs {PREFIX}DEMO=1."
        )
    if settings.public_url and not settings.public_url.startswith(
        ("https://", "http://127.0.0.1", "http://localhost")
    ):
        problems.append(f"{PREFIX}PUBLIC_URL: must begin with https:// (plain http only to this machine).")
    return problems
