"""Customers alike in words."""

from __future__ import annotations

from language.format import bullets, count
from language.rules import rule_words
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

SHOWN = 5
SHARED = 3
_SIMILARITY = "Similarity is the cosine of two customers' behaviour as a learnt vector: 1 is the same, 0 unrelated."
_INDEX = " Found by an approximate index."


@answers(similar_customers)
def similar(outcome: Outcome[SimilarCustomersArguments, SimilarCustomers]) -> str:
    """The nearest customers and what they share."""
    result = outcome.result
    if not result.rows:
        return f"**Nobody else has a behavioural vector** to be compared with customer {result.customer}."
    lines = [
        f"**{row.customer}**: similarity {row.similarity:.2f}"
        + (f" ({'; '.join(row.shares[:SHARED])})" if row.shares else "")
        for row in result.rows[:SHOWN]
    ]
    return (
        f"**Customer {result.rows[0].customer}** behaves most like customer {result.customer}, of "
        f"{count(result.compared)} compared.\n\n{bullets(lines)}\n\n{_SIMILARITY}{_INDEX if result.approximate else ''}"
    )


@answers(lookalike_segment)
def lookalike(outcome: Outcome[LookalikeSegmentArguments, LookalikeSegment]) -> str:
    """How many behave like the group, who first, and whether the group can be told by behaviour at all."""
    result, asked = outcome.result, outcome.arguments
    group = asked.segment or rule_words(asked.rule.plain() if asked.rule else None)
    lines = [f"**{row[0]}**: similarity {row[1]:.2f}" for row in result.rows[:SHOWN] if row[1] is not None]
    return (
        f"**{count(result.lookalikes)} customers outside of “{group}” behave like its members**: they are at least as "
        f"near to the mean of its {count(result.members)} members as the median member.\n\n{bullets(lines)}\n\n"
        f"{_SIMILARITY}{_INDEX if result.approximate else ''} {_recognised(result.recognisability)}"
    )


def _recognised(value: float | None) -> str:
    if value is None:
        return "The group is too small to say whether behaviour tells it from the rest."
    word = "clearly" if value >= 0.75 else "somewhat" if value >= 0.6 else "hardly"
    return f"Behaviour {word} tells the group from the rest (recognisability {value:.2f}; 0.5 would be chance)."


@answers(train_vectors)
def training(outcome: Outcome[TrainVectorsArguments, TrainVectors]) -> str:
    """The job that was started."""
    return "**Learning behavioural vectors anew.** It runs in the background for minutes; ask “how far is the job?”."
