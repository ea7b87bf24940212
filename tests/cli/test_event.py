"""``khopotso event`` at the terminal: bad input says what to do next, and the rest is told in a table."""

import json

import pytest

from tests.cli.conftest import SITE, Installation

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def test_an_event_is_set_moved_and_called_off(installation: Installation) -> None:
    assert "write it like 09:00" in installation.misused("event", "add", SITE, "2099-03-16", "--at", "9")
    said = installation.good("event", "add", SITE, "2099-04-01", "--at", "9:00")
    assert "set for Wednesday 1 April 2099" in said
    event_id = said.split()[0]
    installation.good("event", "move", event_id, "2099-03-23")
    (row,) = json.loads(installation.good("event", "list", "--json"))
    assert (row["event"], row["day"], row["state"], row["place"]) == (event_id, "2099-03-23", "planned", None)
    assert "day has not come" in installation.not_so("event", "attended", event_id)
    installation.good("event", "cancel", event_id)
    assert "event list" in installation.not_so("event", "move", event_id, "2099-03-30")
    assert "cancelled" in installation.good("event", "list")


def test_what_cannot_be_says_what_there_is(installation: Installation) -> None:
    assert "is not to come" in installation.misused("event", "add", SITE, "2020-03-16")
    assert SITE in installation.not_so("event", "add", "Nowhere", "2099-03-16")
    assert "event link" in installation.not_so("event", "add", SITE, "2099-03-16", "--place", "Nowhere")
    assert "no client" in installation.not_so("event", "link", SITE, "Made-up village", "000000")
