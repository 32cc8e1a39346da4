"""A model's reply as it was meant: without its thinking, and with the calls it wrote down as text.

Small local models do both: they think aloud between tags, and they write `{"name": …, "arguments": …}` where they
should have called. What is read as a call here goes through every check a call goes through.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from typing import Any
from uuid import uuid4

from langchain_core.messages import AIMessage, ToolCall

from core.storable import cleaned, storable

__all__ = ["as_meant", "without_thinking"]

_TAG = r"(?:think|thinking|thought|reasoning|reflection)"
_OPEN = re.compile(rf"<{_TAG}>", re.I)
_CLOSED = re.compile(rf"<{_TAG}>.*?(?:</{_TAG}>|\Z)\s*", re.I | re.S)
_HEADLESS = re.compile(rf"\A.*</{_TAG}>\s*", re.I | re.S)  # the opening tag was part of the server's template
_LONGEST_TAG = len("</reflection>")
_NAMES, _ARGUMENTS = ("name", "tool", "function", "tool_name"), ("arguments", "parameters", "args", "input")
_MOST_CALLS = 8
_DECODER = json.JSONDecoder()


def as_meant(reply: AIMessage, offered: Collection[str]) -> AIMessage:
    """The reply without thinking; calls of `offered` tools that stand in its text are calls, the first few at most.

    Everything in it can be kept afterwards, whatever characters the model made up.
    """
    text = storable(_thought_out(reply.text))
    if reply.tool_calls or reply.invalid_tool_calls:
        made = cleaned(reply.tool_calls[:_MOST_CALLS])
        return reply.model_copy(update={"content": text, "tool_calls": made})
    calls = list(_written_calls(text, offered))[:_MOST_CALLS] if "{" in text else []
    return reply.model_copy(update={"content": "" if calls else text, "tool_calls": cleaned(calls)})


async def without_thinking(source: AsyncIterator[str]) -> AsyncIterator[str]:
    """The stream without what stands between thinking tags; text goes on as soon as it can be no tag."""
    waiting, thinking = "", False
    async for text in source:
        waiting += text
        while waiting:
            if thinking:
                end = re.search(rf"</{_TAG}>\s*", waiting, re.I)
                thinking = end is None
                waiting = waiting[end.end() :] if end else waiting[-_LONGEST_TAG:]
                if end is None:
                    break
            begin = _OPEN.search(waiting)
            held = begin.start() if begin else _safe(waiting)
            if held:
                yield waiting[:held]
            waiting, thinking = (waiting[begin.end() :], True) if begin else (waiting[held:], False)
            if not begin:
                break
    if waiting and not thinking:
        yield waiting


def _safe(text: str) -> int:
    """How much of `text` cannot be the beginning of a tag."""
    at = text.rfind("<", max(0, len(text) - _LONGEST_TAG))
    return len(text) if at < 0 or ">" in text[at:] else at


def _thought_out(text: str) -> str:
    return _HEADLESS.sub("", _CLOSED.sub("", text)).strip()


def _written_calls(text: str, offered: Collection[str]) -> Iterator[ToolCall]:
    for form in _objects(text):
        for item in form if isinstance(form, list) else [form]:
            if isinstance(item, Mapping) and (call := _call_of(item, offered)):
                yield call


def _objects(text: str) -> Iterator[Any]:
    """The JSON values that stand in `text`, fenced, tagged or bare."""
    at = 0
    while (begin := re.search(r"[{\[]", text[at:])) is not None:
        at += begin.start()
        try:
            form, end = _DECODER.raw_decode(text, at)
        except ValueError:
            at += 1
            continue
        yield form
        at = end


def _call_of(form: Mapping[str, Any], offered: Collection[str]) -> ToolCall | None:
    inner = form.get("function")
    if isinstance(inner, Mapping):
        form = inner
    name: str | None = next((form[key] for key in _NAMES if isinstance(form.get(key), str)), None)
    arguments: Any = next((form[key] for key in _ARGUMENTS if key in form), {})
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return None
    if name is None and len(offered) == 1 and set(form) == {"steps"}:
        name, arguments = next(iter(offered)), form  # a plan, written without its wrapping
    if name is None or name not in offered or not isinstance(arguments, dict):
        return None
    return ToolCall(name=name, args=arguments, id=f"written_{uuid4().hex[:12]}", type="tool_call")
