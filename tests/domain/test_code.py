"""A code that was misread is not another client's."""

import pytest

from service.domain.code import LENGTHS, draw_code, is_code


@pytest.mark.parametrize("length", LENGTHS)
def test_every_wrong_digit_and_every_swap_of_neighbours_is_noticed(length: int) -> None:
    for _ in range(50):
        code = draw_code(length)
        assert is_code(code)
        for place in range(length):
            for digit in "0123456789":
                wrong = code[:place] + digit + code[place + 1 :]
                assert is_code(wrong) == (wrong == code)
        for place in range(length - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert is_code(swapped) == (swapped == code)


@pytest.mark.parametrize("text", ["", "04211", "58123456", "٠٤٢١١٥", "04211 5", "abcdef"])
def test_what_is_no_code_is_refused(text: str) -> None:
    assert not is_code(text)
