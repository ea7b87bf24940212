"""The console shows an engineer what would be sent."""

import io
from uuid import UUID

from handlers.gateways.console import Console, Settings
from handlers.gateways.definition import Surroundings
from service.domain.phone import Phone
from service.ports import OutgoingText


def test_a_text_is_printed_with_the_end_of_its_number_only() -> None:
    terminal = io.StringIO()
    console = Console(Settings(), Surroundings(terminal))
    console.send(OutgoingText(UUID(int=1), Phone("+26658123456"), "Lumela 'm'e"))
    assert terminal.getvalue() == "…456  Lumela 'm'e\n"


def test_nobody_may_call_it() -> None:
    assert not Console(Settings(), Surroundings(io.StringIO())).hooks
