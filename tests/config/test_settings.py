"""Reading what the operator wrote."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from config import wiring
from config.settings import Settings, SettingsError

Set = Callable[..., None]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Sets settings, named without their prefix."""

    def write(**settings: str) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(f"KHOPOTSO_{name}", value)

    return write


def read() -> Settings:
    return wiring.read_settings().settings


def problems() -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        wiring.read_settings()
    return refused.value.problems


def test_without_a_word_it_is_the_simulator_in_lesotho() -> None:
    settings = read()
    assert settings.gateways == ("simulator",)
    assert str(settings.timezone) == "Africa/Maseru"
    assert settings.allowed_destinations == ("+2665", "+2666")
    assert settings.safe_hours == (time(9), time(17))
    assert settings.safe_days == {1, 2, 3, 4, 5, 6}
    assert settings.daily_text_cap == 20_000
    assert not settings.demo


def test_an_empty_setting_is_as_if_it_were_not_there(given: Set) -> None:
    given(SAFE_HOURS="", GATEWAYS="", DAILY_TEXT_CAP="", DEMO="")
    assert read() == Settings()


def test_lists_hours_days_and_amounts_are_read(given: Set) -> None:
    given(GATEWAYS="console, simulator,", SAFE_HOURS="08:30-18:15", DAILY_SPEND_CAP="12.50", DATA_DIR="/data")
    settings = read()
    assert settings.gateways == ("console", "simulator")
    assert settings.safe_hours == (time(8, 30), time(18, 15))
    assert settings.daily_spend_cap == Decimal("12.50")
    assert settings.data_dir == Path("/data")


@pytest.mark.parametrize(
    ("written", "days"),
    [("mon-sat", {1, 2, 3, 4, 5, 6}), ("mon,wed,fri", {1, 3, 5}), ("Mon-Tue, sun", {1, 2, 7}), ("sat", {6})],
)
def test_days_are_read(given: Set, written: str, days: set[int]) -> None:
    given(SAFE_DAYS=written)
    assert read().safe_days == days


@pytest.mark.parametrize("moment", ["2026-11-21T10:00", "2026-11-21T12:00+02:00"])
def test_a_made_up_moment_without_a_zone_is_utc(given: Set, moment: str) -> None:
    given(DEMO="1", CLOCK=moment)
    assert read().clock == datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SAFE_HOURS", "9-17", "write hours as 09:00-17:00"),
        ("SAFE_HOURS", "17:00-09:00", "must end after they start"),
        ("SAFE_HOURS", "09:00-24:00", "write hours as 09:00-17:00"),
        ("SAFE_DAYS", "mon-sunday", "write days as mon-sat"),
        ("SAFE_DAYS", "fri-mon", "in the order of the week"),
        ("TIMEZONE", "Lesotho", "is no time zone"),
        ("TIMEZONE", "../etc", "is no time zone"),
        ("COUNTRY", "Lesotho", "pattern"),
        ("USSD_CODE", "123", "pattern"),
        ("DAILY_TEXT_CAP", "many", "valid integer"),
        ("DAILY_TEXT_CAP", "-1", "greater than or equal to 0"),
        ("TRANSPORT_NUMBER", "call us", "as people dial it"),
        ("ALLOWED_DESTINATIONS", "2665", "as +2665"),
        ("ALLOWED_RECIPIENTS", "58000001", "with + and the country's digits"),
        ("PUBLIC_URL", "http://khopotso.example", "must begin with https://"),
        ("CLOCK", "yesterday", "write a moment as"),
        ("CLOCK", "2026-11-21T10:00", "needs KHOPOTSO_DEMO=1"),
        ("GATEWAYS", "pigeon", "known are simulator"),
        ("GATEWAYS", "console,console", "twice"),
        ("GATEWAYS", ",", "name at least one"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(given: Set, name: str, value: str, said: str) -> None:
    given(**{name: value})
    (problem,) = problems()
    assert problem.startswith(f"KHOPOTSO_{name}: ")
    assert said in problem


def test_all_problems_are_told_at_once(given: Set) -> None:
    given(
        SAFE_HOURS="9-17",
        TIMEZONE="Mars",
        GATEWAYS="twilio,pigeon,africastalking",
        SAFEHOURS="09:00-17:00",
        AFRICASTALKING_API_KEY="key with spaces",
        AFRICASTALKING_USRNAME="demo",
    )
    assert {problem.split(": ")[0].removeprefix("KHOPOTSO_") for problem in problems()} == {
        "SAFE_HOURS",
        "TIMEZONE",
        "GATEWAYS",
        "SAFEHOURS",
        "AFRICASTALKING_API_KEY",
        "AFRICASTALKING_USERNAME",
        "AFRICASTALKING_USRNAME",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "TWILIO_MESSAGING_SERVICE",
    }


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("GATEWAY", "KHOPOTSO_GATEWAYS"),
        ("DATABASE", "KHOPOTSO_DATABASE_URL"),
        ("AFRICASTALKING_USER_NAME", "KHOPOTSO_AFRICASTALKING_USERNAME"),
        ("TWILIO_FORM", "KHOPOTSO_TWILIO_FROM"),
    ],
)
def test_an_unknown_name_is_told_with_the_one_that_may_be_meant(given: Set, name: str, meant: str) -> None:
    given(GATEWAYS="africastalking,twilio", **{name: "x"})
    assert f"KHOPOTSO_{name}: no such setting; did you mean {meant}?" in problems()


def test_a_name_like_no_other_is_told_too(given: Set) -> None:
    given(XYZZY="1")
    assert problems() == ("KHOPOTSO_XYZZY: no such setting.",)


def test_settings_of_a_gateway_that_is_not_used_are_not_looked_at(given: Set) -> None:
    given(AFRICASTALKING_API_KEY="key with spaces")
    assert read().gateways == ("simulator",)


def test_no_value_is_ever_told(given: Set) -> None:
    """A secret may stand in the wrong place."""
    value = "s3cret phrase"
    names = [name.upper() for name in Settings.model_fields if name not in ("database_url", "gateways")]
    given(**dict.fromkeys(names, value), GATEWAYS="africastalking,twilio,kannel")
    given(AFRICASTALKING_API_KEY=value, AFRICASTALKING_BASE_URL=value, AFRICASTALKING_TPS=value)
    given(AFRICASTALKING_WEBHOOK_TOKENS=value, TWILIO_ACCOUNT_SID=value, KANNEL_PASSWORD=value)
    found = problems()
    assert len(found) > 10
    assert not [problem for problem in found if "s3cret" in problem]


def test_secrets_are_masked_when_settings_are_shown(given: Set) -> None:
    given(
        GATEWAYS="africastalking",
        AFRICASTALKING_USERNAME="demo",
        AFRICASTALKING_API_KEY="s3cret-key",
        AFRICASTALKING_WEBHOOK_TOKENS="s3cret-token",
    )
    assert "s3cret" not in repr(wiring.read_settings())
