"""``khopotso held``: what a pause held back is listed, let go or discarded."""

import json

import pytest

from service.domain.message import MessageClass
from service.domain.people import OPERATOR
from tests.cli.conftest import SITE, Installation
from tests.cli.waiting import put_reminder, state

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@pytest.fixture
def holding(installation: Installation) -> Installation:
    """Something was due while all was paused."""
    installation.good("pause", "--why", "wrong dates")
    with installation.store() as store:
        store.write(lambda tx: put_reminder(tx, MessageClass.R2), OPERATOR)
    return installation


def test_resume_tells_what_is_held_and_what_to_do(holding: Installation) -> None:
    said = holding.good("resume")
    assert "1 reminders and texts" in said
    assert "khopotso held release" in said


def test_it_is_listed_until_it_is_let_go(holding: Installation) -> None:
    holding.good("resume")
    (group,) = json.loads(holding.good("held", "list", "--json"))
    assert (group["why"], group["count"]) == ("paused", 1)
    assert "1 are let go" in holding.good("held", "release", "--why", "paused")
    assert "Nothing is held" in holding.good("held", "list")
    assert state(holding) == "queued"


def test_it_is_discarded_for_good(holding: Installation) -> None:
    holding.good("resume")
    assert "1 are discarded" in holding.good("held", "discard")
    assert state(holding) == "cancelled"
    assert "Nothing of that is held" in holding.not_so("held", "discard")


def test_what_is_not_held_is_told(holding: Installation) -> None:
    holding.good("resume")
    assert "Nothing of that is held" in holding.not_so("held", "release", "--site", SITE)
    assert "no client" in holding.not_so("held", "release", "--client", "042117")
    assert "no plan" in holding.not_so("held", "list", "--plan", "nowhere")
    holding.misused("held", "release", "--per-minute", "0")
