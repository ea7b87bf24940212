"""The shipped menu in the shipped words."""

import pytest

from service.menu.machine import ScreenSet
from service.menu.screens import menu
from service.texts import Texts, load


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load()


@pytest.fixture(scope="session")
def screens(texts: Texts) -> ScreenSet:
    return menu(texts)
