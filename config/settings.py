"""What the operator decides, read once from the environment (prefix ``KHOPOTSO_``)."""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, PlainValidator, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.domain.people import SafeTimes

PREFIX = "KHOPOTSO_"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
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


def _moment(value: Any) -> datetime | None:
    if not value:
        return None
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
    allowed_destinations: Listed = ("+2665", "+2666")
    allowed_recipients: Listed = ()
    safe_hours: Annotated[tuple[time, time], NoDecode, PlainValidator(_hours)] = (time(9), time(17))
    safe_days: Annotated[frozenset[int], NoDecode, PlainValidator(_days)] = frozenset(range(1, 7))
    ussd_code: str = Field(default="", pattern=r"^(\*[0-9*]{1,20}#)?$")
    daily_text_cap: int = Field(default=20_000, ge=0)
    daily_spend_cap: Decimal = Field(default=Decimal(0), ge=0)
    plans_dir: Path | None = None
    texts_dir: Path | None = None
    transport_number: Annotated[str | None, PlainValidator(_number)] = None
    referral_numbers: Listed = ()
    demo: bool = False
    clock: Annotated[datetime | None, PlainValidator(_moment)] = None

    @property
    def safe_times(self) -> SafeTimes:
        return SafeTimes(*self.safe_hours, self.safe_days)

    @property
    def database_address(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'khopotso.db').absolute()}"


def load(environment: Mapping[str, str], gateway_names: Iterable[str]) -> Settings:
    """Read the settings. Raises ``SettingsError`` with every problem, unknown names among them."""
    problems = _unknown_names(environment, tuple(gateway_names))
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError([*problems, *explain(error, PREFIX)]) from None
    problems += _contradictions(settings, tuple(gateway_names))
    if problems:
        raise SettingsError(problems)
    return settings


def explain(error: ValidationError, prefix: str) -> list[str]:
    """One sentence for each problem, with the name as the operator wrote it and never the value."""
    return [
        f"{prefix}{'_'.join(str(part) for part in problem['loc'][:1]).upper()}: "
        f"{problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors(include_input=False, include_url=False)
    ]


def _unknown_names(environment: Mapping[str, str], gateway_names: tuple[str, ...]) -> list[str]:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    of_gateways = tuple(f"{PREFIX}{name.upper()}_" for name in gateway_names)
    problems = []
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name in known or name.startswith(of_gateways):
            continue
        close = difflib.get_close_matches(name, known, n=1)
        problems.append(f"{name}: no such setting" + (f"; did you mean {close[0]}?" if close else "."))
    return problems


def _contradictions(settings: Settings, gateway_names: tuple[str, ...]) -> list[str]:
    problems = [
        f"{PREFIX}GATEWAYS: there is no gateway {name!r}; known are {', '.join(gateway_names)}."
        for name in settings.gateways
        if name not in gateway_names
    ]
    if not settings.gateways:
        problems.append(f"{PREFIX}GATEWAYS: name at least one of {', '.join(gateway_names)}.")
    if settings.clock and not settings.demo:
        problems.append(
            f"{PREFIX}CLOCK: another time than the real one is for demonstrations; it needs {PREFIX}DEMO=1."
        )
    if settings.public_url and not settings.public_url.startswith(
        ("https://", "http://127.0.0.1", "http://localhost")
    ):
        problems.append(f"{PREFIX}PUBLIC_URL: must begin with https:// (plain http only to this machine).")
    return problems
