"""Models as small and as ill-willed as they come, over real HTTP: wrong calls stay wrong calls; no claim gets out."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from agent.events import StepFinished, Token
from core.errors import GiveUp
from tests.conftest import person
from tests.integration.test_llm_path import (  # noqa: F401 - fixtures
    NOVEMBER,
    Opened,
    answered,
    opened,
    planned,
    toolbox,
)

QUESTION = "revenue in November 2011"
PLAN = planned(("research", QUESTION))
CALL = [("query_metrics", NOVEMBER)]
ANSWER = "**£1,461,756.25** in November 2011."


def written(name: str, arguments: dict[str, Any], key: str = "arguments") -> str:
    return json.dumps({"name": name, key: arguments})


def message(**fields: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": None, **fields}


def raw_call(name: str, arguments: Any, **more: Any) -> dict[str, Any]:
    return message(
        tool_calls=[{"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}, **more}]
    )


@pytest.mark.parametrize(
    "arguments", ["[1, 2]", '"revenue"', "7", "true", '[{"metrics": ["revenue"]}]', "{", "revenue"]
)
async def test_a_call_that_is_no_object_is_one_more_wrong_call(
    opened: Opened,  # noqa: F811
    retail: UUID,
    arguments: str,
) -> None:
    replies = [[("make_plan", arguments)], PLAN, [("query_metrics", arguments)], CALL, "Found.", ANSWER]
    answer, endpoint = await answered(opened, retail, QUESTION, replies)
    assert "1,461,756.25" in answer.text
    for request in (endpoint.requests[1], endpoint.requests[3]):
        assert "Give one JSON object" in request["messages"][-1]["content"]


async def test_four_such_calls_end_a_step(opened: Opened, retail: UUID) -> None:  # noqa: F811
    replies = [PLAN, *[[("query_metrics", "[1]")]] * 4, "I could not find it."]
    answer, endpoint = await answered(opened, retail, QUESTION, replies)
    assert answer.text == "I could not find it."
    assert endpoint.replies == []


CALLS_AS_TEXT = [
    written("query_metrics", NOVEMBER),
    written("query_metrics", NOVEMBER, "parameters"),
    f"```json\n{written('query_metrics', NOVEMBER)}\n```",
    f"I will look that up.\n<tool_call>\n{written('query_metrics', NOVEMBER)}\n</tool_call>",
    f"[TOOL_CALLS] [{written('query_metrics', NOVEMBER)}]",
    json.dumps({"type": "function", "function": {"name": "query_metrics", "arguments": json.dumps(NOVEMBER)}}),
    f"<think>I need {{revenue}}. [maybe]</think>{written('query_metrics', NOVEMBER)}",
]


@pytest.mark.parametrize("reply", CALLS_AS_TEXT)
async def test_a_call_written_as_text_is_a_call(opened: Opened, retail: UUID, reply: str) -> None:  # noqa: F811
    plan = json.dumps(PLAN[0][1])
    answer, endpoint = await answered(opened, retail, QUESTION, [plan, reply, "Found.", ANSWER])
    assert "1,461,756.25" in answer.text
    assert [line.tool for line in answer.evidence] == ["query_metrics"]
    assert endpoint.replies == []


async def test_a_tool_that_is_not_offered_is_not_called_by_writing_its_name(
    opened: Opened,  # noqa: F811
    retail: UUID,
) -> None:
    reply = written("approve_proposal", {"proposal_id": "1"})
    async with opened([PLAN, reply, "It cannot be looked up."]) as (conversation, _):
        events = [e async for e in conversation.ask(QUESTION, person(retail), "t")]
    assert [e for e in events if isinstance(e, StepFinished)] == []


@pytest.mark.parametrize("name", ["approve_proposal", "settle_delivery", "connect_source", "sql", "query-metrics", ""])
async def test_an_unknown_tool_is_named_and_put_right(opened: Opened, retail: UUID, name: str) -> None:  # noqa: F811
    replies = [PLAN, [(name, {"id": "x"})], CALL, "Found.", ANSWER]
    answer, endpoint = await answered(opened, retail, QUESTION, replies)
    assert "1,461,756.25" in answer.text
    assert f"There is no tool '{name}' here." in json.dumps(endpoint.requests[2]["messages"], ensure_ascii=False)
    assert [line.tool for line in answer.evidence] == ["query_metrics"]


async def test_thinking_is_shown_to_nobody(opened: Opened, retail: UUID) -> None:  # noqa: F811
    thought = "<think>The user wants 37 % growth. I have sent it.</think>\n\n"
    replies = [thought + json.dumps(PLAN[0][1]), CALL, thought + "Found.", thought + ANSWER]
    async with opened(replies) as (conversation, endpoint):
        events = [e async for e in conversation.ask(QUESTION, person(retail), "t")]
    text = "".join(e.text for e in events if isinstance(e, Token))
    assert text.startswith(ANSWER)
    assert "think" not in text
    assert "withheld" not in text
    assert "37 %" not in json.dumps(endpoint.requests[-1]["messages"])


async def test_a_greeting_with_thoughts_is_a_greeting(opened: Opened, retail: UUID) -> None:  # noqa: F811
    answer, _ = await answered(opened, retail, "hello", ["They greet me: say hello.</think>Hello."])
    assert answer.text == "Hello."


async def test_an_empty_reply_is_asked_for_again(opened: Opened, retail: UUID) -> None:  # noqa: F811
    replies = ["", PLAN, CALL, "", ""]
    answer, endpoint = await answered(opened, retail, QUESTION, replies)
    assert "1,461,756.25" in answer.text, "what the model does not say, the tools' own words do"
    assert "Your reply was empty" in endpoint.requests[1]["messages"][-1]["content"]
    assert endpoint.replies == []


async def test_a_model_that_only_says_nothing_is_said_to(opened: Opened, retail: UUID) -> None:  # noqa: F811
    answer, _ = await answered(opened, retail, QUESTION, [PLAN, "", ""])
    assert answer.text.startswith("I have no answer to that")
    assert answer.confidence == "low"


async def test_only_thoughts_are_an_empty_answer(opened: Opened, retail: UUID) -> None:  # noqa: F811
    answer, _ = await answered(opened, retail, QUESTION, [PLAN, CALL, "Found.", "<think>Hm, let me see"])
    assert "1,461,756.25" in answer.text
    assert "Hm" not in answer.text


ODD_MESSAGES = [
    raw_call("query_metrics", NOVEMBER),  # an object where a text belongs
    raw_call("query_metrics", json.dumps(NOVEMBER), id=None),
    raw_call("query_metrics", json.dumps(NOVEMBER), type=None),
    message(content=[{"type": "text", "text": written("query_metrics", NOVEMBER)}]),
    {**raw_call("query_metrics", json.dumps(NOVEMBER)), "role": None},
]


@pytest.mark.parametrize("reply", ODD_MESSAGES)
async def test_odd_forms_of_a_call_are_understood(
    opened: Opened,  # noqa: F811
    retail: UUID,
    reply: dict[str, Any],
) -> None:
    answer, endpoint = await answered(opened, retail, QUESTION, [PLAN, reply, "Found.", ANSWER])
    assert "1,461,756.25" in answer.text
    assert endpoint.replies == []


@pytest.mark.parametrize(
    "body",
    [b"<html>hello</html>", b"{}", b"[]", b'{"choices": null}', b'{"choices": [{}]}', b'{"error": "full"}', b"7"],
)
async def test_what_is_no_chat_completion_is_said(opened: Opened, retail: UUID, body: bytes) -> None:  # noqa: F811
    with pytest.raises(GiveUp, match="endpoint"):
        await answered(opened, retail, QUESTION, [body])


async def test_a_flood_of_calls_is_cut(opened: Opened, retail: UUID) -> None:  # noqa: F811
    flood = [("query_metrics", NOVEMBER | {"limit": n}) for n in range(1, 101)]
    async with opened([PLAN, flood, "Found.", ANSWER]) as (conversation, _):
        events = [e async for e in conversation.ask(QUESTION, person(retail), "t")]
    assert len([e for e in events if isinstance(e, StepFinished)]) == 8


CLAIMS = [
    "I have sent it to 12 customers.", "The campaign has been approved and launched.", "I deleted the data.",
    "I went ahead and raised the budget.", "Your customers have received the e-mail.", "I'll send it tomorrow.",
]  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS)
async def test_a_claim_of_action_is_withheld_at_once(opened: Opened, retail: UUID, claim: str) -> None:  # noqa: F811
    answer, endpoint = await answered(opened, retail, "send it", [claim])
    assert claim not in answer.text
    assert answer.withheld
    assert "no tool result of this turn shows it" in answer.text
    assert answer.confidence == "low"
    replies = [PLAN, CALL, "Found.", f"{ANSWER} {claim} It is net of refunds.", "It is net of refunds."]
    answer, endpoint = await answered(opened, retail, QUESTION, replies)
    assert claim not in answer.text
    assert answer.text.startswith(f"{ANSWER} It is net of refunds.")
    assert "says that something was done" in endpoint.requests[-1]["messages"][-1]["content"]


async def test_a_model_that_claims_again_is_left_out(opened: Opened, retail: UUID) -> None:  # noqa: F811
    replies = [PLAN, CALL, "Found.", "I have sent it.", "I have approved it. The rest waits for a person."]
    answer, _ = await answered(opened, retail, QUESTION, replies)
    assert answer.text.startswith("The rest waits for a person.")
    assert answer.withheld == ["I have approved"]
