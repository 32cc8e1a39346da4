"""Customers like this one, customers like this group: nearest neighbours by what they did."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from core.errors import NoSuchData
from core.identity import READ, WRITE
from database.queries import customers, model_runs, vectors
from tools.audience.facts import Facts, rule_of_segment
from tools.audience.rule import Rule
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import Cell, Column, cell, figure, share
from tools.results import Arguments, Evidence, ToolResult
from tools.vectors.questions import SIMILAR, TRAIN, why_lookalike, why_similar
from tools.views import grid, table

if TYPE_CHECKING:
    from sqlalchemy import Connection

COLUMNS = ("name", "rfm_segment", "orders_all", "monetary_value", "recency_days", "churn_90", "clv_12m")
JUDGED = 2_000  # members, and others, that recognisability is measured on
WORDS = [
    "similarity: cosine of two customers' vectors, 1 = same behaviour, 0 = unrelated, -1 = opposite.",
    "vector: 128 numbers learnt by a transformer from the customer's orders and events (kind, gap, amount, category).",
]


class TrainVectorsArguments(Arguments):
    """Nothing to say."""


class TrainVectors(ToolResult):
    """The job that was started."""

    job_id: UUID = Field(description="Ask job_status with this id for progress and result.")


class SimilarCustomersArguments(Arguments):
    """Like whom, how many."""

    customer: str = Field(min_length=1, description="The shop's customer id (customer_id in lists) or email address.")
    limit: int = Field(default=10, ge=1, le=200, description="Customers at most.")


class SimilarCustomer(BaseModel):
    """One customer like the one asked about."""

    customer: str = figure("Customer", "The shop's customer id.")
    name: str | None = figure("Name", "Name, where known.")
    similarity: float = figure("Similarity", "Cosine similarity of the behavioural vectors, -1 to 1.", unit="cosine")
    shares: list[str] = figure("Shares", "What the two have in common, in words.")


class SimilarCustomers(ToolResult):
    """Customers who behave most like one customer."""

    customer: str = figure("Customer", "The customer asked about.")
    compared: int = figure("Compared", "Customers with a vector.", unit="customers")
    rows: list[SimilarCustomer] = figure("Customers alike", "Most similar first.")
    approximate: bool = Field(description="True: found by an approximate index; false: everybody was compared.")
    currency: str = Field(description="ISO 4217 code of money.")


class LookalikeSegmentArguments(Arguments):
    """Like which group, how many."""

    segment: str | None = Field(default=None, description="Name of a saved segment or of an RFM segment.")
    rule: Rule | None = Field(default=None, description="Which customers the others should be like.")
    limit: int = Field(default=50, ge=1, le=1000, description="Customers at most.")

    @model_validator(mode="after")
    def _one(self) -> LookalikeSegmentArguments:
        if (self.segment is None) == (self.rule is None):
            raise ValueError("give either `segment` (a name) or `rule`")
        return self


class LookalikeSegment(ToolResult):
    """Customers outside of a group who behave most like its members."""

    members: int = figure(
        "Members",
        "Members of the group with a vector; their mean is what others are compared to.",
        unit="customers",
    )
    lookalikes: int = figure(
        "Lookalikes", "Customers outside who are at least as near to it as the median member.", unit="customers"
    )
    recognisability: float | None = figure(
        "Recognisability",
        "P(a member left out of the mean is nearer to it than somebody outside): 0.5 = the group cannot be told from "
        "the rest by behaviour, 1 = always; null: too few members.",
    )
    columns: list[Column] = Field(description="Columns of `rows`; customer_id and similarity first.")
    rows: list[list[Cell]] = Field(description="One row per customer outside the group, most similar first.")
    approximate: bool = Field(description="True: found by an approximate index; false: everybody was compared.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Started learning how customers behave",
    agents=("analytics",),
    basis="record",
    examples=({},),
    questions=(TRAIN,),
    views=(),
    next=("How far is the job?",),
)
def train_vectors(context: Context, arguments: TrainVectorsArguments) -> TrainVectors:
    """Learn behavioural vectors of all customers anew, in the background (minutes); done weekly by itself.

    A transformer is trained on the organisation's own histories and compared with the plain features on a later
    window; model_report shows the comparison.
    """
    job_id = context.enqueue(context.identity, "train_vectors", {})
    return TrainVectors(job_id=job_id, evidence=Evidence(rows=0, as_of=context.now))


def listed(customers: Iterable[Any]) -> dict[str, Any] | None:
    """The rule of the customers a result lists one by one."""
    ids = [str(customer) for customer in customers]
    return {"field": "customer_id", "operator": "in", "value": ids} if ids else None


@tool(
    effect=Effect.READ,
    scope=READ,
    about="similar customers",
    agents=("analytics", "research"),
    basis="prediction",
    examples=({"customer": "17850", "limit": 5},),
    questions=(SIMILAR,),
    views=(table("rows", title="Customers like {customer}"),),
    next=("What should I do for them?", "Save them as a segment"),
    audience=lambda _arguments, result: listed(row.customer for row in result.rows) if result else None,
    why=why_similar,
)
def similar_customers(context: Context, arguments: SimilarCustomersArguments) -> SimilarCustomers:
    """The customers who behave most like one customer, how similar they are and what they have in common."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        kept = _kept(connection)
        row = customers.facts_of(connection, arguments.customer)
        vector = vectors.vector_of(connection, row["customer_id"])
        if vector is None:
            raise NoSuchData(f"Customer '{arguments.customer}' had done nothing when the vectors were learnt.")
        many = vectors.are_many(connection)
        near = vectors.nearest(connection, vector, arguments.limit + 1, approximate=many)
        others = [n for n in near if n.customer_id != row["customer_id"]][: arguments.limit]
        known = vectors.facts_of(connection, [n.customer_id for n in others])
    return SimilarCustomers(
        customer=row["external_id"],
        compared=kept.rows,
        rows=[_similar(n, row, known[n.customer_id]) for n in others if n.customer_id in known],
        approximate=many,
        currency=facts.profile.currency,
        evidence=_evidence(facts, kept, []),
    )


def _kept(connection: Connection) -> vectors.Kept:
    """What vectors there are; NoSuchData says why there are none."""
    kept = vectors.kept(connection)
    if kept is None:
        run = model_runs.latest(connection, "vectors")
        if run and run.reason:
            raise NoSuchData(f"Who behaves alike cannot be told: {run.reason}")
        raise NoSuchData(
            "Who behaves alike is being learnt in the background, once the scores are there: ask again in a few "
            "minutes. “Train the vectors” starts it now."
        )
    return kept


def _similar(near: vectors.Neighbour, one: dict[str, Any], other: dict[str, Any]) -> SimilarCustomer:
    from analytics.vectors.lookalike import shared

    return SimilarCustomer(
        customer=other["external_id"],
        name=other["name"],
        similarity=share(1.0 - near.distance) or 0.0,
        shares=shared(one, other),
    )


def _evidence(facts: Facts, kept: vectors.Kept, more: list[str]) -> Evidence:
    found = facts.evidence(kept.rows, ["customer_vectors", "customer_facts"], [*WORDS, *more])
    found.definitions.append(f"Vectors are of {facts.calendar.last_day(kept.as_of)}.")
    return found


@tool(
    effect=Effect.READ,
    scope=READ,
    about="lookalike customers",
    agents=("analytics", "research", "content", "optimiser"),
    basis="prediction",
    examples=({"segment": "Champions", "limit": 10}, {"rule": {"field": "orders_all", "operator": "ge", "value": 10}}),
    views=(grid(title="Customers alike", total="lookalikes"),),
    next=("Write them an email", "Save them as a segment", "How good is the vectors model?"),
    audience=lambda _arguments, result: listed(row[0] for row in result.rows) if result else None,
    why=why_lookalike,
)
def lookalike_segment(context: Context, arguments: LookalikeSegmentArguments) -> LookalikeSegment:
    """Customers who are not in a segment but behave like its members: how many, who, and how sure that is."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        kept = _kept(connection)
        rule = arguments.rule or rule_of_segment(connection, str(arguments.segment))
        condition, values = facts.where(rule)
        middle, members = vectors.centre(connection, condition, values)
        if middle is None:
            raise NoSuchData("Nobody of that segment has a behavioural vector: there is nothing to compare with.")
        group = _Group(condition, values, middle)
        many = vectors.are_many(connection) and members <= vectors.MOST_LEFT_OUT
        near = vectors.nearest(
            connection, middle, arguments.limit, approximate=many, without=(group.condition, group.values)
        )
        alike, told = group.alike(connection), group.recognisability(connection)
        known = vectors.facts_of(connection, [n.customer_id for n in near])
        chosen = facts.fields(name for name in COLUMNS if facts.has(name))
    columns = [
        Column(name="customer_id", unit="text", title="Customer"),
        Column(name="similarity", unit="cosine", title="Similarity"),
    ]
    return LookalikeSegment(
        members=members,
        lookalikes=alike,
        recognisability=told,
        columns=[*columns, *(Column(name=f.name, unit=f.unit, title=f.title) for f in chosen)],
        rows=[_row(n, known[n.customer_id], chosen) for n in near if n.customer_id in known],
        approximate=many,
        currency=facts.profile.currency,
        evidence=_evidence(facts, kept, facts.definitions_of(f.name for f in chosen)),
    )


class _Group:
    """The members of a rule and the mean of their vectors."""

    def __init__(self, condition: str, values: dict[str, Any], middle: list[float]) -> None:
        self.condition, self.values, self.middle = condition, values, middle

    def alike(self, connection: Connection) -> int:
        """Customers outside who are at least as near to the mean as the median member."""
        from statistics import median

        found = vectors.sample(connection, self.condition, self.values, self.middle, most=JUDGED)
        inside = [d for d, member in zip(found.distance, found.inside, strict=True) if member]
        return vectors.count_within(connection, self.condition, self.values, self.middle, median(inside))

    def recognisability(self, connection: Connection) -> float | None:
        """How well the mean of one half of the members tells the other half from the rest."""
        from analytics.vectors.lookalike import recognisability

        half, _n = vectors.centre(connection, self.condition, self.values, half=0)
        if half is None:
            return None
        found = vectors.sample(connection, self.condition, self.values, half, most=JUDGED)
        told = recognisability(found.inside, found.half, found.distance)
        return share(told) if told is not None and math.isfinite(told) else None


def _row(near: vectors.Neighbour, row: dict[str, Any], chosen: list[Any]) -> list[Cell]:
    start: list[Cell] = [row["external_id"], share(1.0 - near.distance)]
    return start + [cell(row[f.column], f.unit) for f in chosen]
