"""``khopotso api-token``."""

import json

import pytest

from service.actions.api_tokens import MARK
from tests.cli.conftest import SITE, Installation

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def test_a_token_is_shown_once_and_can_be_revoked(installation: Installation) -> None:
    said = installation.good("api-token", "create", "eRegister", "--role", "coordinator", "--site", SITE)
    token = next(line for line in said.splitlines() if line.startswith(MARK))
    listed = installation.good("api-token", "list", "--json")
    assert token not in listed
    (row,) = json.loads(listed)
    assert (row["name"], row["role"], row["site"]) == ("eRegister", "coordinator", SITE)
    assert "before" in installation.not_so("api-token", "create", "eRegister", "--role", "me")
    assert "shut out" in installation.good("api-token", "revoke", "eRegister")
    installation.not_so("api-token", "revoke", "eRegister")
