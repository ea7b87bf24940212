"""The proof of scale with some hundred women. ``make figures`` runs it with 100,000."""

import pytest

from tests.conftest import TEMPLATE
from tests.databases import SqliteFolder
from tests.scale.made_up import Size
from tests.scale.proof import prove


@pytest.mark.timeout(300)
def test_the_figures_of_a_made_up_year_are_what_the_facts_tell(sqlite_folder: SqliteFolder) -> None:
    sqlite_folder.clone(TEMPLATE, "scale")
    found = prove(sqlite_folder.file("scale"), Size(clients=90, messages=1500, sites=2, days=33))
    sqlite_folder.drop("scale")
    assert found.wrong == []
