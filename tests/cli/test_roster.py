"""``khopotso staff leave``, ``on-call`` and ``backup``."""

import json
from datetime import timedelta

import pytest

from config.clock import RealClock
from tests.cli.conftest import SITE, Installation

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)

TODAY = RealClock().now().date()
TOMORROW = TODAY + timedelta(days=1)
PALESA = ("Palesa", "--phone", "58000001", "--role", "mentor", "--site", SITE)
LINEO = ("Lineo", "--phone", "58000002", "--role", "coordinator", "--site", SITE)


def listed(installation: Installation) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in json.loads(installation.good("staff", "list", "--json"))}


@pytest.fixture
def team(installation: Installation) -> Installation:
    installation.good("staff", "add", *PALESA)
    installation.good("staff", "add", *LINEO)
    return installation


def test_the_list_shows_who_acts_for_somebody_on_leave(team: Installation) -> None:
    assert "Lineo backs Palesa up" in team.good("staff", "backup", "Palesa", "--phone", "58000002")
    said = team.good("staff", "leave", "Palesa", "--from", TODAY, "--to", TOMORROW)
    assert "0 open tasks were passed on" in said
    assert listed(team)["Palesa"]["acts_now"] == "Lineo"
    assert listed(team)["Palesa"]["away_until"]
    assert "1 leaves were called off" in team.good("staff", "leave", "Palesa", "--call-off")
    assert listed(team)["Palesa"]["acts_now"] == "Palesa"


def test_a_leave_of_somebody_without_backup_says_so(team: Installation) -> None:
    said = team.type("staff", "leave", "Palesa", "--from", str(TODAY), "--to", str(TODAY)).stderr
    assert "Nobody backs her up" in said
    assert listed(team)["Palesa"]["acts_now"] == "Lineo"


def test_an_hour_without_anybody_on_call_is_told(team: Installation) -> None:
    assert "Nobody is on call" in team.type("staff", "on-call", "Lineo", "--hours", "00:00-12:00").stderr
    assert "Nobody is on call" not in team.type("staff", "on-call", "Palesa", "--hours", "12:00-00:00").stderr
    assert (listed(team)["Lineo"]["hours"], listed(team)["Palesa"]["hours"]) == ("00:00-12:00", "12:00-00:00")
    assert "12:00-00:00" in team.good("staff", "list")
    assert "Nobody is on call" in team.type("staff", "on-call", "Palesa", "--off").stderr


@pytest.mark.parametrize(
    "words",
    [
        ("leave", "Palesa"),
        ("leave", "Palesa", "--from", str(TODAY)),
        ("leave", "Palesa", "--from", str(TODAY), "--to", str(TODAY), "--call-off"),
        ("leave", "Palesa", "--from", str(TOMORROW), "--to", str(TODAY)),
        ("leave", "Palesa", "--from", "2020-01-01", "--to", "2020-01-02"),
        ("leave", "Palesa", "--from", "1/2/2020", "--to", "2020-01-02"),
        ("on-call", "Palesa", "--hours", "17-8"),
        ("on-call", "Palesa", "--hours", "08:00-08:00"),
        ("on-call", "Palesa", "--hours", "24:00-08:00"),
        ("on-call", "Palesa", "--hours", "17:00-08:00", "--off"),
        ("backup", "Palesa", "--phone", "abc"),
    ],
)
def test_what_cannot_be_understood_is_wrong_use(team: Installation, words: tuple[str, ...]) -> None:
    team.misused("staff", *words)


def test_an_unknown_person_is_told(team: Installation) -> None:
    assert "khopotso staff list" in team.not_so("staff", "on-call", "Nobody")
    assert "--backup" in team.not_so("staff", "backup", "Palesa", "--phone", "58000099")
