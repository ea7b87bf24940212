"""What the guide to a server tells the web server in front to write down."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "running.md"
SECRET = "s3cr3t-t0k3n"


def rules() -> Iterable[tuple[str, str]]:
    """The pattern and what is shown in its place, as nginx has them."""
    (found,) = re.findall(r"^map \$uri \$shown \{\n(.*?)^\}", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    for line in found.splitlines():
        pattern, shown = line.strip().removesuffix(";").split()
        yield pattern, shown


def written(address: str) -> str:
    """The address as it stands in the log."""
    for pattern, shown in rules():
        match = re.search(pattern.removeprefix("~"), address) if pattern.startswith("~") else None
        if match:
            return shown.replace("$uri", address).replace("$1", match[1])
    return dict(rules())["default"]


@pytest.mark.parametrize("kind", ["ussd", "ussd-end", "sms", "receipt", "opt-out", "status"])
def test_of_a_webhook_the_log_holds_its_kind_alone(kind: str) -> None:
    for address in (f"/hooks/africastalking/{SECRET}/{kind}", f"/hooks/twilio/{kind}"):
        assert written(address) == f"/hooks/-/{kind}"


@pytest.mark.parametrize(
    "address",
    [
        "/hooks/{}/sms",
        "/hooks/africastalking/{}",
        "/hooks/africastalking/sms/{}",
        "/Hooks/africastalking/{}/sms",
        "/hook/africastalking/{}/sms",
        "/{}",
    ],
)
def test_nor_is_the_secret_of_a_mistyped_address_written(address: str) -> None:
    assert SECRET not in written(address.format(SECRET))


def test_pages_and_the_api_stand_in_the_log_as_they_are() -> None:
    for address in ("/staff/clients/042117", "/api/v1/visits", "/healthz"):
        assert written(address) == address
