"""Every word that a phone shows: read from ``templates_sms``, checked, and said in a language."""

from service.texts.checking import load_sound, problems
from service.texts.files import load
from service.texts.values import BadTexts, DayWord, Language, Text, Texts, Tier, WrongText

__all__ = [
    "BadTexts",
    "DayWord",
    "Language",
    "Text",
    "Texts",
    "Tier",
    "WrongText",
    "load",
    "load_sound",
    "problems",
]
