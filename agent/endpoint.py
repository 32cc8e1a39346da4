"""A chat model behind an OpenAI-compatible address, whose odd answers become wrong calls instead of defects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from langchain_openai import ChatOpenAI

from core.errors import GiveUp

if TYPE_CHECKING:
    import openai
    from langchain_core.outputs import ChatResult

__all__ = ["EndpointModel"]


class EndpointModel(ChatOpenAI):
    """ChatOpenAI for servers that keep the protocol loosely, as small local ones do.

    `few_tools`: offer a sub-agent only the tools that come near its task (0: all of them).
    """

    few_tools: int = 0

    def _create_chat_result(
        self, response: dict[str, Any] | openai.BaseModel, generation_info: dict[str, Any] | None = None
    ) -> ChatResult:
        """The reply; GiveUp where it is no chat completion at all (a web page, another program's JSON)."""
        answered: Any = response if isinstance(response, dict) else _dumped(response)
        try:
            choices = [{**choice, "message": _mended(choice["message"])} for choice in answered["choices"]]
            return super()._create_chat_result({**answered, "choices": choices}, generation_info)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise GiveUp(
                "The model endpoint answered with something that is no chat completion: check OPENAI_BASE_URL "
                f"({type(error).__name__})."
            ) from None


def _dumped(response: Any) -> Any:
    return response.model_dump(warnings=False) if hasattr(response, "model_dump") else response


def _mended(message: Mapping[str, Any]) -> dict[str, Any]:
    """The message with text for content, and calls that can be read: what is no JSON object becomes no JSON."""
    content = message.get("content")
    calls = [_call(call) for call in message.get("tool_calls") or [] if isinstance(call, Mapping)]
    text = content if isinstance(content, str) or content is None else _texts(content)
    return {**message, "role": "assistant", "content": text, "tool_calls": calls or None}


def _texts(content: Any) -> str:
    parts = content if isinstance(content, list) else [content]
    return "".join(str(part.get("text", "")) if isinstance(part, Mapping) else str(part) for part in parts)


def _call(call: Mapping[str, Any]) -> dict[str, Any]:
    function = call.get("function")
    function = dict(function) if isinstance(function, Mapping) else {}
    given = function.get("arguments")
    text = given if isinstance(given, str) else json.dumps(given or {})
    try:
        wrong = not isinstance(json.loads(text or "{}"), dict)
    except ValueError:
        wrong = False  # it is refused as it is
    # A list or a number would be taken for arguments and break the turn: said to be cut off, it is one more wrong call.
    function |= {"name": str(function.get("name") or ""), "arguments": f"{text} is no JSON object" if wrong else text}
    return {**call, "id": str(call.get("id") or "call"), "type": "function", "function": function}
