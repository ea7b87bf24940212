"""The name that every phone shows above our texts."""

import pytest
from pydantic import BaseModel, ValidationError

from handlers.gateways.definition import Sender


class Line(BaseModel):
    sender: Sender


@pytest.mark.parametrize(
    "sender", ["m2m", "M2M", "m2mLesotho", "MyClinic", "HIVinfo", "H1V care", "ART", "Mentor-M"]
)
def test_a_sender_name_that_discloses_something_is_refused(sender: str) -> None:
    with pytest.raises(ValidationError, match="choose a neutral one"):
        Line(sender=sender)


@pytest.mark.parametrize("sender", ["Khopotso", "MUM BABY", "Bophelo2", "32100", "+26650000000", "Lerato"])
def test_a_neutral_one_a_short_code_and_a_number_are_taken(sender: str) -> None:
    assert Line(sender=sender).sender == sender
