"""A question in the conversation with a button for each answer."""

from __future__ import annotations

from collections.abc import Mapping

import chainlit as cl

__all__ = ["ANSWER_S", "chosen"]

ANSWER_S = 1800
"""How long a question waits for its answer."""


async def chosen(question: str, answers: Mapping[str, str]) -> str:
    """The answer somebody chose; "" where nobody did in time. `answers` are values with what their buttons say."""
    actions = [cl.Action(name="answer", label=label, payload={"value": value}) for value, label in answers.items()]
    answer = await cl.AskActionMessage(content=question, actions=actions, timeout=ANSWER_S).send()
    return str(answer["payload"]["value"]) if answer else ""
