"""``khopotso plans``, ``khopotso ledger`` and ``khopotso site switch``."""

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from tests.cli.conftest import SITE, Installation

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@pytest.fixture
def office(installation: Installation) -> Installation:
    """Two who may approve plans, and a Mentor Mother who may not."""
    for name, phone, role in (
        ("Palesa", "58000011", "admin"),
        ("Thabo", "58000012", "coordinator"),
        ("Lineo", "58000013", "mentor"),
    ):
        installation.good("staff", "add", name, "--phone", phone, "--role", role, "--site", SITE)
    return installation


def standing(office: Installation, plan: str) -> dict[str, object]:
    result = office.type("plans", "list", "--json")
    found: dict[str, object] = next(one for one in json.loads(result.stdout) if one["name"] == plan)
    return found


def test_a_plan_is_approved_by_two_people_and_not_by_one_twice(office: Installation) -> None:
    assert "Another person" in office.good("plans", "approve", "visits", "--as", "Palesa")
    assert "already" in office.not_so("plans", "approve", "visits", "--as", "Palesa")
    assert standing(office, "visits")["approved"] is False
    assert "is approved" in office.good("plans", "approve", "visits", "--as", "Thabo")
    assert standing(office, "visits")["approved"] is True
    assert "to be approved" in office.not_so("plans", "list")


def test_a_mentor_mother_approves_no_plan(office: Installation) -> None:
    assert "may not approve" in office.not_so("plans", "approve", "visits", "--as", "Lineo")


def test_who_or_what_is_not_known_is_said(office: Installation) -> None:
    assert "no plan 'visit'" in office.not_so("plans", "approve", "visit", "--as", "Palesa")
    assert "no member of staff" in office.not_so("plans", "approve", "visits", "--as", "Nobody")


def test_a_changed_file_needs_every_word_anew(office: Installation, tmp_path: Path) -> None:
    for name in ("Palesa", "Thabo"):
        office.good("plans", "approve", "visits", "--as", name)
    folder = tmp_path / "plans"
    with as_file(files("scheduler.plans")) as shipped:
        shutil.copytree(shipped, folder)
    visits = folder / "visits.toml"
    visits.write_text(visits.read_text() + "\n# read again\n")
    office.setting("PLANS_DIR", str(folder))
    assert standing(office, "visits")["approved"] is False
    assert standing(office, "visits")["changed_since"] is True


def test_a_site_turns_a_step_on_and_off(office: Installation) -> None:
    assert "eid_14w is on" in office.good("site", "switch", SITE, "eid_14w", "on")
    assert "already" in office.good("site", "switch", SITE, "eid_14w", "on")
    steps = {row["step"]: row["on"] for row in json.loads(office.good("site", "steps", SITE, "--json"))}
    assert steps["eid_14w"] is True
    office.good("site", "switch", SITE, "eid_14w", "off")


def test_a_step_that_no_site_may_turn_is_refused(office: Installation) -> None:
    assert "is on everywhere" in office.not_so("site", "switch", SITE, "visit_d7", "off")
    assert "No plan has a step" in office.not_so("site", "switch", SITE, "eid_99w", "on")
    assert "There is no site" in office.not_so("site", "switch", "Nowhere", "eid_14w", "on")


def test_an_empty_ledger_adds_up(office: Installation) -> None:
    assert "It adds up." in office.good("ledger", "check")
    assert json.loads(office.good("ledger", "check", "--json"))["holds"] is True
