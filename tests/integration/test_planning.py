"""Ideas and weekly plans on the demo shop: what each names, what holds, and what is proposed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from database.engine import Database
from tests.campaign_scene import CATALOGUE, context
from tests.conftest import person


def test_try(database: Database, demo: UUID, now: Any) -> None:
    who = person(demo)
    for name, arguments in (
        ("campaign_ideas", {}),
        ("plan_week", {}),
        ("week_plan", {"limit": 3}),
        ("propose_ideas", {}),
        ("propose_week", {}),
        ("export_week", {"limit": 3}),
    ):
        entry = CATALOGUE.get(name)
        result = CATALOGUE.call(name, arguments, context(database, who, now=now))
        print("=====", name)
        print(entry.worded(CATALOGUE.outcome(name, arguments, result.model_dump(mode="json"))))
        if name == "week_plan":
            for row in result.rows: print(row)
            for row in result.groups: print(row)
        if name == "export_week": print(result.csv)
        if name=="propose_week": print(result.left_out, [ (p.title,p.audience.to_send,p.send_at) for p in result.proposals])
