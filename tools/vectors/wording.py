"""Customers alike in words."""

from __future__ import annotations

from language.format import count
from tools.audience.wording import rule_words
from tools.declaration import answers
from tools.outcome import Outcome
from tools.vectors.likeness import (
    LookalikeSegment,
    LookalikeSegmentArguments,
    SimilarCustomers,
    SimilarCustomersArguments,
    TrainVectors,
    TrainVectorsArguments,
    lookalike_segment,
    similar_customers,
    train_vectors,
)

FOLLOWING, SHARED = 2, 3
CLEARLY, SOMEWHAT = 0.75, 0.6  # recognisability; 0.5 would be chance


@answers(similar_customers)
def similar(outcome: Outcome[SimilarCustomersArguments, SimilarCustomers]) -> str:
    """The nearest customers and what they share."""
    result = outcome.result
    if not result.rows:
        return f"**Nobody else has a behavioural vector** to be compared with customer {result.customer}."
    first, *others = result.rows
    shares = f" They have in common: {'; '.join(first.shares[:SHARED])}." if first.shares else ""
    then = ", ".join(f"**{row.name or row.customer}**" for row in others[:FOLLOWING])
    return (
        f"**{first.name or f'Customer {first.customer}'}** behaves most like customer {result.customer}, of "
        f"{count(result.compared)} compared.{shares}{f' Next come {then}.' if then else ''}"
    )


@answers(lookalike_segment)
def lookalike(outcome: Outcome[LookalikeSegmentArguments, LookalikeSegment]) -> str:
    """How many behave like the group, who first, and whether the group can be told by behaviour at all."""
    result, asked = outcome.result, outcome.arguments
    group = asked.segment or rule_words(asked.rule.plain() if asked.rule else None)
    nearest = ", ".join(f"**{row[0]}**" for row in result.rows[: FOLLOWING + 1])
    first = f" The nearest: {nearest}." if nearest else ""
    return (
        f"**{count(result.lookalikes)} customers outside of “{group}” behave like its {count(result.members)} "
        f"members.**{first} {_recognised(result.recognisability)}"
    )


def _recognised(value: float | None) -> str:
    if value is None:
        return "The group is too small to say whether behaviour tells it from the rest."
    if value >= CLEARLY:
        return "Behaviour tells this group clearly from the rest, so the likeness means something."
    if value >= SOMEWHAT:
        return "Behaviour tells this group only somewhat from the rest: take the list as a hint."
    return "Behaviour hardly tells this group from the rest: the list is little better than chance."


@answers(train_vectors)
def training(outcome: Outcome[TrainVectorsArguments, TrainVectors]) -> str:
    """The job that was started."""
    return "**Learning behavioural vectors anew.** It runs in the background for minutes; ask “how far is the job?”."
