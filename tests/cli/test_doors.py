"""``khopotso api-token`` and ``khopotso webhook``."""

import json

import pytest
from pytest_httpserver import HTTPServer

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


def test_a_webhook_is_added_tested_and_removed(installation: Installation) -> None:
    installation.setting("DEMO", "1")
    with HTTPServer(host="127.0.0.1") as receiver:
        receiver.expect_oneshot_request("/news").respond_with_data("")
        secret = installation.good("webhook", "add", "hmis", receiver.url_for("/news"), "--site", SITE)
        assert secret.startswith("whsec_")
        assert "took it" in installation.good("webhook", "test", "hmis")
        assert "status_500" in installation.not_so("webhook", "test", "hmis")
    (row,) = json.loads(installation.good("webhook", "list", "--json"))
    assert (row["name"], row["site"], row["waiting"]) == ("hmis", SITE, 0)
    installation.misused("webhook", "add", "other", "https://10.0.0.1/")
    installation.not_so("webhook", "add", "hmis", "https://example.org/")
    installation.good("webhook", "remove", "hmis")
    installation.not_so("webhook", "test", "hmis")
