"""Days, hours, numbers and yeses as requests write them.

The library would also take a number of seconds for a day, an hour of another zone for a local one, and *on*
for a yes. Whoever sends that has a fault that somebody should see.
"""

from datetime import date, time
from typing import Annotated, Final

from pydantic import BeforeValidator, Strict, StringConstraints, TypeAdapter, WithJsonSchema

_HOUR: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
_written_day = TypeAdapter(Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")])
_written_hour = TypeAdapter(Annotated[str, StringConstraints(pattern=_HOUR)])

Day = Annotated[date, BeforeValidator(_written_day.validate_python)]
"""A local day, such as 2026-11-23."""

Hour = Annotated[
    time,
    BeforeValidator(_written_hour.validate_python),
    WithJsonSchema({"type": "string", "pattern": _HOUR}),
]
"""A local hour, such as 09:30."""

Number = Annotated[int, Strict()]
YesNo = Annotated[bool, Strict()]
