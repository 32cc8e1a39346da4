"""The settings a command works with: the environment, and what its options say put over it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import FixArguments

if TYPE_CHECKING:
    from core.settings import Settings

__all__ = ["home_of", "settings_for"]


def home_of(home: Path | None = None) -> Path:
    """The data folder a command works on: what `settings_for` says, without loading the settings where that can be."""
    given = home or os.environ.get("AIMA_HOME")
    if given is None and Path(".env").exists():
        return settings_for().home
    from core.home import default_home

    return Path(given or default_home()).expanduser().resolve()


def settings_for(home: Path | None = None, host: str | None = None, port: int | None = None) -> Settings:
    """The settings, with what the command line says put over them; the home is absolute."""
    from pydantic import ValidationError

    from core.settings import Settings

    given = {"home": home, "host": host, "port": port}
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise FixArguments(f"A setting is wrong: {wrong}.") from error
    return settings.model_copy(update={"home": settings.home.expanduser().resolve()})
