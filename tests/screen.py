"""Chainlit made ready for tests: it reads the environment, and its own imports warn, when it is first imported."""

from __future__ import annotations

import warnings

from chat.mounting import prepare_environment


def load_chainlit() -> None:
    """Import chainlit as the web process does, without making errors of warnings that are not ours."""
    prepare_environment()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import chainlit
        import chainlit.data.sql_alchemy

        assert chainlit.__version__
