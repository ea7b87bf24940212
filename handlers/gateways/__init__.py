"""Every provider that this service speaks to, one module and one line each."""

from typing import Any, Final

from handlers.gateways import aat, africastalking, console, kannel, simulator, twilio
from handlers.gateways.definition import Definition

# Each definition is sound by itself; what differs from line to line is the class of its settings.
GATEWAYS: Final[tuple[Definition[Any], ...]] = (
    simulator.DEFINITION,
    console.DEFINITION,
    africastalking.DEFINITION,
    twilio.DEFINITION,
    kannel.DEFINITION,
    aat.DEFINITION,
)
