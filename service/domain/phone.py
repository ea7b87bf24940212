"""A telephone number as the service holds it."""

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Phone:
    """A number in E.164 (``+26658123456``), already judged valid.

    Its representation is masked, so that a log line or a traceback cannot show whom it belongs to.
    """

    e164: str

    @property
    def masked(self) -> str:
        """The last three digits, which staff may see without a logged reveal."""
        return "…" + self.e164[-3:]

    def __repr__(self) -> str:
        return f"Phone({self.masked})"

    __str__ = __repr__
