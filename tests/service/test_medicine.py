"""No text and no screen tells anybody to start, stop or change a medicine, whatever its tier."""

import pytest

from service.texts import load
from service.texts.medicine import orders

TEXTS = load()


def test_no_text_that_ships_orders_anything_about_a_medicine() -> None:
    told = [
        f"{language.code} {text.key}: {order}"
        for language in TEXTS.by_language.values()
        for text in language.texts.values()
        for order in orders(text.text)
    ]
    assert told == []


@pytest.mark.parametrize(
    "text",
    [
        "Stop your pills.",
        "Do not stop taking your medicine, {n}.",
        "Remember to take your tablets every evening",
        "Give the baby two drops of the syrup",
        "From Monday change to the new treatment.",
        "Never skip a dose!",
        "Start PrEP today",
        "Use the cream twice a day",
        "Emisa lipilisi",
        "Noa meriana ea hau, {n}.",
        "U se ke ua khaotsa ho noa lipilisi",
        "Fa lesea moriana",
        "Qala kalafo hosane",
        "Stop your p1lls",
        "Hello. Keep taking the iron",
    ],
)
def test_an_order_about_a_medicine_is_found(text: str) -> None:
    assert list(orders(text))


@pytest.mark.parametrize(
    "text",
    [
        "Stop messages",
        "Ask the nurse about your pills.",
        "To start again dial {u}. The nurse knows about tablets.",
        "Ho emisa araba STOP.",
        "Bring your medicine along.",
        "Give only breast milk until six months.",
    ],
)
def test_an_order_about_something_else_and_a_medicine_without_one_are_none(text: str) -> None:
    assert list(orders(text)) == []
