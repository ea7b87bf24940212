"""Where news may go."""

from ipaddress import ip_address

import pytest

from service.domain.news import may_reach, url_fault

OURS = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fd00::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
)


@pytest.mark.parametrize("address", OURS)
def test_no_address_of_a_private_network_is_reached(address: str) -> None:
    assert not may_reach(ip_address(address), here_too=False)


def test_an_address_of_the_world_is_reached() -> None:
    assert all(may_reach(ip_address(one), here_too=False) for one in ("8.8.8.8", "2a00:1450::1"))
    assert may_reach(ip_address("127.0.0.1"), here_too=True)
    assert not may_reach(ip_address("10.0.0.1"), here_too=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://example.org/\n",
        "https://example.org:99999/",
        "https://[::1/",
        "https://10.0.0.1/",
        "https://[fd00::1]/",
        "",
    ],
)
def test_an_address_that_cannot_be_right_is_refused(url: str) -> None:
    assert url_fault(url, here_too=False)


def test_a_good_address_is_taken() -> None:
    assert url_fault("https://example.org:8443/news?key=1", here_too=False) is None
    assert url_fault("http://127.0.0.1:8000/", here_too=True) is None
