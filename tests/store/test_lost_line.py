"""A line to PostgreSQL that was cut without a word is noticed."""

import os
import socket
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from service.store import database
from tests.resilience.proxy import proxied


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_a_silent_line_is_given_up_within_seconds(database_url: str) -> None:
    at_home = make_url(database_url)
    behind = Path(str(at_home.query["host"])) / ".s.PGSQL.5432"
    with proxied(behind) as proxy:
        abroad = at_home.set(host="127.0.0.1", port=proxy.port, query={})
        opened = database.connect(abroad.render_as_string(hide_password=False))
        with opened.writing.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
            driver = connection.connection.driver_connection
            assert driver is not None
            with socket.socket(fileno=os.dup(driver.fileno())) as line:
                assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                asks = [
                    line.getsockopt(socket.IPPROTO_TCP, option)
                    for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
                ]
                unheard = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        opened.close()
    idle, every, times = asks
    assert idle + every * times <= database.LOST_SECONDS
    assert unheard == database.LOST_SECONDS * 1000
