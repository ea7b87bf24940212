"""A preview as one page that needs nothing else: to be read, printed and signed."""

from dataclasses import dataclass
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from handlers.preview.sheet import NO_SITE, Forecast, spoken


@dataclass(frozen=True)
class Made:
    """When (local) and by which version of the program the page was made."""

    on: date
    version: str


def page(sheet: Forecast, made: Made) -> str:
    """HTML with its style inside it."""
    environment = Environment(
        loader=PackageLoader("handlers.preview"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"spoken": spoken, "short": lambda day: f"{day:%a %d %b %Y}"}
    return environment.get_template("preview.html").render(sheet=sheet, made=made, no_site=NO_SITE)
