"""No text tells anybody to start, stop or change a medicine."""

import re
from collections.abc import Iterator
from typing import Final

from service.wording import listed, seen

_SENTENCE_ENDS: Final = re.compile(r"[.!?;\n]")


def orders(text: str) -> Iterator[str]:
    """What each sentence of ``text`` that looks like such an order is made of, for whoever has to mend it."""
    for sentence in _SENTENCE_ENDS.split(text):
        medicines = seen(listed("medicines"), sentence)
        told = seen(listed("orders"), sentence) if medicines else ()
        if told:
            yield f"“{told[0]}” beside “{medicines[0]}” may be taken for medical advice"
