"""Eighteen months of three women, as a nurse reads them before she signs.

``REWRITE_TRANSCRIPTS=1`` writes them anew; then read them as she would.
"""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from tests.menu.player import rewriting

GOLDEN = Path(__file__).parent / "golden"
ANC = ("2027-01-18", "2027-02-23", "2027-03-23", "2027-04-20", "2027-05-04", "2027-05-18")
PERSONAS = {
    "pregnant": (
        *("--as", "pregnant", "--age", "24", "--language", "en", "--edd", "2027-06-01"),
        *("--from", "2027-01-04", "--event", "2027-02-10"),
        *(word for day in ANC for word in ("--visit", f"anc={day}")),
    ),
    "breastfeeding": (
        "--as",
        "breastfeeding",
        "--language",
        "st",
        "--born",
        "2027-03-01",
        "--from",
        "2027-03-02",
    ),
    "art": ("--as", "art", "--wording", "T1", "--language", "en", "--supply", "84", "--from", "2027-01-04"),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PERSONAS)
def test_her_eighteen_months_go_as_written(terminal: Terminal, name: str) -> None:
    foretold = terminal.good("preview", *PERSONAS[name], "--days", "548", "--price", "0.35")
    path = GOLDEN / f"{name}.txt"
    if rewriting(os.environ):
        path.write_text(foretold, "utf-8")
    assert foretold == path.read_text("utf-8")
