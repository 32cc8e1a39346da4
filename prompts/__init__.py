"""Every text a model is given: one Markdown file a prompt, rendered with jinja2; a missing value is an error.

Text that comes from data is put between fences by the `data` filter: models are told to treat it as data only.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from core.errors import GiveUp

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["names", "render"]

_FENCE = "~~~~"


def names() -> list[str]:
    """Every prompt there is, sorted."""
    return sorted(f.name.removesuffix(".md") for f in resources.files(__name__).iterdir() if f.name.endswith(".md"))


def render(name: str, **values: object) -> str:
    """The prompt `name` with `values` filled in. Errors: GiveUp when the prompt or a value is missing."""
    from jinja2 import TemplateNotFound, UndefinedError

    try:
        return _environment().get_template(f"{name}.md").render(**values).strip()
    except TemplateNotFound:
        raise GiveUp(f"There is no prompt '{name}'. There are: {', '.join(names())}.") from None
    except UndefinedError as error:
        raise GiveUp(f"The prompt '{name}' lacks a value: {error}.") from None


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    # Prompts are plain text for a model, not a page for a browser: escaping would only garble them.
    environment = Environment(loader=FunctionLoader(_source), undefined=StrictUndefined, autoescape=False)  # noqa: S701
    environment.filters["data"] = _fenced
    return environment


def _source(file: str) -> str | None:
    path = resources.files(__name__) / file
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _fenced(value: Any) -> str:
    """`value` between fences it cannot close itself."""
    from jinja2 import Undefined

    if isinstance(value, Undefined):
        str(value)  # raises: the template was given no such value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return f"{_FENCE}data\n{text.replace('~~~', '~ ~ ~')}\n{_FENCE}"
