"""Whether the service lives, and whether it can work; nothing about anybody."""

import pytest

from tests.journeys.service import Service


def test_a_service_with_its_database_is_alive_and_ready(service: Service) -> None:
    assert service.web.get("/healthz").get_data() == b"ok\n"
    assert service.web.get("/readyz").get_data() == b"ready\n"


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_a_service_without_its_database_is_alive_and_not_ready(
    service: Service, database_server: object, database_url: str
) -> None:
    database_server.drop(database_url.rpartition("/")[2].partition("?")[0])  # type: ignore[attr-defined]
    assert service.web.get("/healthz").status_code == 200
    answer = service.web.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_data() == b"the database does not answer\n"
