"""A version of a journey as a person approved it: what runs is this, and nothing that was changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from database.queries.journeys import VersionRow
from tools.audience.rule import Rule
from tools.campaigns.payload import content_hash
from tools.journeys.definition import Condition, Entry, Journey

__all__ = ["Approved", "campaign_of", "is_approved"]


@dataclass(frozen=True, slots=True)
class Approved:
    """The journey of an approved proposal, the rules its segments had then, and who carries what its nodes send."""

    row: VersionRow
    journey: Journey
    rules: Mapping[str, Rule]
    sends: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, row: VersionRow) -> Approved:
        """What a stored version runs."""
        rules = {name: Rule.model_validate(rule) for name, rule in row.payload["rules"].items()}
        return cls(row, Journey.model_validate(row.payload["definition"]), rules, row.payload["sends"])

    def rule(self, asked: Condition | Entry) -> Rule | None:
        """The rule that a condition or an entry stands for, as it was approved; None: it asks for no facts."""
        return asked.rule if asked.segment is None else self.rules[asked.segment]

    def campaign(self, node: str) -> str:
        """What the messages of a node are filed under."""
        return campaign_of(self.row.proposal_id, node)


def campaign_of(proposal_id: object, node: str) -> str:
    """What the messages of a node are filed under."""
    return f"{proposal_id}:{node}"


def is_approved(row: VersionRow) -> bool:
    """Whether a person has approved exactly what is stored."""
    return row.approved_hash is not None and row.approved_hash == row.content_hash == content_hash(row.payload)
