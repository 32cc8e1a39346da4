"""Customers who may be one person: two made one, or parted again, when a person says so."""

from __future__ import annotations

import chainlit as cl

from chat.asking import chosen
from chat.files import follow_scores
from chat.parts import installed
from core.identity import Identity

__all__ = ["merge_customers", "part_customers"]


async def merge_customers(words: str, identity: Identity, *, is_demo: bool) -> None:
    """Make one of two customers, after asking."""
    del is_demo
    from tools.identity.merging import two_of
    from tools.identity.wording import merged_words

    first, second = two_of(words)
    if not await _agreed(
        f"Are **{first}** and **{second}** one person? What either did then counts for one.", "Yes, one"
    ):
        return
    done = await installed().call("merge_customers", {"first": first, "second": second}, identity)
    back = f" `/part {done['was']}` takes it back."
    await cl.Message(content=merged_words(done["customer"], done["was"]) + back).send()
    if done["job_id"]:
        await follow_scores(identity, done["job_id"])


async def part_customers(words: str, identity: Identity, *, is_demo: bool) -> None:
    """Take back the last merge of a customer, after asking."""
    del is_demo
    from tools.identity.wording import parted_words

    if not await _agreed(f"Make **{words}** two customers again? The last merge of them is taken back.", "Yes, two"):
        return
    done = await installed().call("part_customers", {"customer": words}, identity)
    await cl.Message(content=parted_words(done["customer"], done["again"])).send()
    if done["job_id"]:
        await follow_scores(identity, done["job_id"])


async def _agreed(question: str, yes: str) -> bool:
    agreed = await chosen(question, {"yes": yes, "no": "No"}) == "yes"
    if not agreed:
        await cl.Message(content="Nothing was changed.").send()
    return agreed
