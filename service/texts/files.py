"""Reading a folder of texts: one TOML file per language, found by listing the folder."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tomllib import TOMLDecodeError, loads
from types import MappingProxyType
from typing import Final

from service.texts.reading import LanguageFile
from service.texts.values import BadTexts, Language, Texts
from service.wording import shipped_gate

_NOT_LANGUAGES: Final = frozenset({"gate.toml"})


def load(folder: Path | None = None) -> Texts:
    """The texts in ``folder``, or those that ship. Raises ``BadTexts`` with everything that cannot be read.

    What can be read and is still wrong (a missing translation, a gated word) is what ``problems`` finds.
    """
    texts, unreadable = read(folder)
    if unreadable:
        raise BadTexts(unreadable)
    return texts


def read(folder: Path | None) -> tuple[Texts, tuple[str, ...]]:
    """What can be read of the languages in ``folder``, and a sentence for everything that cannot."""
    languages: dict[str, Language] = {}
    gate = shipped_gate()
    unreadable: list[str] = []
    for file in _language_files(folder or files("templates_sms")):
        try:
            read_file = LanguageFile(file.name.removesuffix(".toml"), loads(file.read_text("utf-8")))
        except (TOMLDecodeError, UnicodeDecodeError, OSError) as wrong:
            unreadable.append(f"{file.name}: {wrong}")
            continue
        unreadable += read_file.wrong
        languages[read_file.language.code] = read_file.language
        for tier, words in read_file.gate.items():
            gate = gate.plus(tier, words)
        gate = gate.reading(text.text for text in read_file.language.texts.values())
    if not languages and not unreadable:
        unreadable.append(f"There is no language file (such as en.toml) in {folder}.")
    return Texts(MappingProxyType(languages), gate), tuple(unreadable)


def _language_files(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return sorted((file for file in folder.iterdir() if _is_language(file.name)), key=lambda file: file.name)


def _is_language(name: str) -> bool:
    return name.endswith(".toml") and name not in _NOT_LANGUAGES
