"""A file of lift tests dropped into the chat: checked, and kept for the marketing mix when a person says so."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import chainlit as cl

from chat.asking import chosen
from chat.own_shop import offer_own_shop
from chat.parts import installed
from chat.showing import notes_element, send_in_order, table_element
from core.identity import Identity
from tools.mix.lift_rows import has_lift_tests
from tools.views import Table, shown

__all__ = ["lift_tests_dropped"]

LARGEST = 300_000  # bytes: a file of lift tests is small
TOOL = "load_lift_tests"
NEXT = ("/mix fit", "Which experiments calibrate the mix model?")
PER = "Is its money a week's, or that of each test's whole period?"


async def lift_tests_dropped(path: Path, name: str, identity: Identity, *, is_demo: bool) -> bool:
    """Take the file where its header is that of lift tests; False where it is something else."""
    content = await asyncio.to_thread(_read, path)
    if content is None:
        return False
    per = await chosen(PER, {"week": "A week's", "period": "The whole period's"})
    if not per:
        await cl.Message(content=f"{name} was not loaded.").send()
        return True
    arguments = {"content": content, "file": name, "per": per}
    checked = await installed().call(TOOL, {**arguments, "check_only": True}, identity)
    await _show({**arguments, "check_only": True}, checked, ())
    if is_demo:
        await offer_own_shop(identity)
        return True
    if not checked["added"]:
        return True
    if await chosen("Keep them for the marketing mix?", {"keep": "Keep them", "cancel": "Cancel"}) != "keep":
        await cl.Message(content=f"{name} was not loaded.").send()
        return True
    await _show(arguments, await installed().call(TOOL, arguments, identity), NEXT)
    return True


def _read(path: Path) -> str | None:
    """The text of a file of lift tests."""
    if path.stat().st_size > LARGEST:
        return None
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return None
    return content if has_lift_tests(content.partition("\n")[0].strip()) else None


async def _show(arguments: dict[str, Any], result: dict[str, Any], suggestions: tuple[str, ...]) -> None:
    catalogue = installed().runtime.catalogue
    outcome = catalogue.outcome(TOOL, arguments, result)
    tables = [view for view in shown(catalogue.get(TOOL), outcome) if isinstance(view, Table)]
    notes = [notes_element([result["evidence"]], is_demo=False, suggestions=suggestions)] if suggestions else []
    elements = [*(table_element(one) for one in tables), *notes]
    await send_in_order(catalogue.get(TOOL).worded(outcome), elements)
