"""What every tool declares for the conversation."""

from __future__ import annotations

from tests.unit.offline_scene import CATALOGUE
from tools.declaration import Effect


def test_every_tool_an_agent_may_call_has_its_sub_agent_its_words_and_its_follow_ups() -> None:
    for tool in CATALOGUE.tools.values():
        if tool.effect is Effect.OPERATE:
            continue
        assert tool.agents, tool.name
        assert tool.answer, tool.name
        assert tool.next or tool.name == "mailbox", tool.name
