"""What to do for customers: interventions by measured gain, or by the playbook's rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection, RowMapping

from core.errors import FixArguments, NoSuchData
from core.identity import READ
from database.queries import customers, model_runs, response
from tools.audience.facts import Facts, rule_of_segment
from tools.audience.rule import Rule, rule_named, rule_of_customer
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.interventions.questions import BUDGET, INTERVENTIONS, measured_effects
from tools.interventions.trial import ProposedExperiment, proposed_experiments
from tools.results import Arguments, ToolResult
from tools.views import table

if TYPE_CHECKING:
    import polars as pl

    from analytics.interventions import Costs

LARGEST = 200_000
"""Customers a ranking is made for at most in one call."""
WORDS = [
    "basis experiment: uplift (added probability to buy within 30 days) learnt from the randomised campaign named, for "
    "customers like those of that trial; basis rule: the playbook's choice, with no measured effect and so no gain.",
    "gain: uplift × average order value × margin − cost, per customer. cost: messages, and the discount on everybody "
    "who buys. It counts the next order only.",
]
BASIS = "experiment: measured; rule: the playbook says so."
UPLIFT = "Added probability to buy within 30 days; null on a rule."
GAIN = "uplift × order value × margin − cost; null on a rule."
_COLUMNS = (
    "customer_id", "churn_status", "churn_60", "overdue_ratio", "avg_order_value", "price_sensitivity_score",
    "brand_loyalty_score", "orders_all", "rfm_segment", "expected_orders_12m",
)  # fmt: skip
_TEXTS = ("churn_status", "rfm_segment")

Basis = Literal["experiment", "rule"]


class CostArguments(Arguments):
    """What is assumed of money."""

    cost_per_message: float = Field(default=0.01, ge=0, le=1000, description="Cost of one message (money).")
    margin: float = Field(default=1.0, gt=0, le=1, description="Share of revenue left after cost of goods, 0-1.")

    def costs(self) -> Costs:
        """The same for the ranking."""
        from analytics.interventions import Costs

        return Costs(self.cost_per_message, self.margin)


class CustomerInterventionsArguments(CostArguments):
    """Which customer."""

    customer: str = Field(min_length=1, description="The shop's customer id or email address.")


class InterventionChoice(BaseModel):
    """One intervention for one customer."""

    rank: int = figure("Rank", "1 = do this first.")
    intervention: str = figure("Intervention", "Kind of intervention.")
    title: str = figure("Title", "Its name.")
    offer: str = figure("Offer", "What is offered.")
    suits: str = figure("Suits", "Whom the playbook means it for.")
    basis: Basis = figure("Basis", BASIS)
    uplift: float | None = figure("Uplift", UPLIFT, unit="share")
    order_value: float | None = figure("Order value", "The customer's average order value.", unit="money")
    cost: float | None = figure("Cost", "Expected cost for this customer; on a rule the messages only.", unit="money")
    gain: float | None = figure("Gain", GAIN, unit="money")
    campaign_id: str | None = figure("Campaign", "Randomised campaign the uplift was learnt from.")


class CustomerInterventions(ToolResult):
    """What to do for one customer, best first."""

    customer: str = figure("Customer", "The shop's customer id.")
    churn_60: float | None = figure(
        "Leaves in 60 days", "Probability to leave within 60 days; null: left or unknown.", unit="share"
    )
    clv_12m: float | None = figure("12-month value", "Predicted value of the next 12 months.", unit="money")
    choices: list[InterventionChoice] = Field(description="Interventions that are open, best first.")
    currency: str = Field(description="ISO 4217 code of money.")


class RecommendInterventionsArguments(CostArguments):
    """For whom."""

    segment: str | None = Field(default=None, description="Saved segment or RFM segment by name; or give `rule`.")
    rule: Rule | None = Field(default=None, description="Which customers; or give `segment` or `risk`.")
    risk: Literal["high", "medium", "low", "left"] | None = Field(default=None, description="Or: this churn risk.")
    limit: int = Field(default=20, ge=1, le=1000, description="Customers to list at most.")


class InterventionTotal(BaseModel):
    """One intervention over the customers for whom it is the first choice."""

    intervention: str = figure("Intervention", "Kind of intervention.")
    title: str = figure("Title", "Its name.")
    basis: Basis = figure("Basis", BASIS)
    customers: int = figure("Customers", "Customers for whom it comes first.", unit="customers")
    average_uplift: float | None = figure(
        "Average uplift", "Mean added probability to buy; null on a rule.", unit="share"
    )
    cost: float | None = figure("Cost", "Expected cost in all; on a rule the messages only.", unit="money")
    gain: float | None = figure("Gain", "Expected gain in all; null on a rule.", unit="money")
    evidence: str = figure("Evidence", "What stands behind it.")


class CustomerIntervention(BaseModel):
    """The first choice for one customer."""

    customer: str = figure("Customer", "The shop's customer id.")
    name: str | None = figure("Name", "Name, where known.")
    intervention: str = figure("Intervention", "Kind of intervention.")
    basis: Basis = figure("Basis", BASIS)
    uplift: float | None = figure("Uplift", UPLIFT, unit="share")
    order_value: float | None = figure("Order value", "Average order value.", unit="money")
    cost: float | None = figure("Cost", "Expected cost; on a rule the messages only.", unit="money")
    gain: float | None = figure("Gain", GAIN, unit="money")
    value_at_risk: float | None = figure(
        "Value at risk", "P(leaves within 60 days) × predicted 12-month value.", unit="money"
    )


class RecommendInterventions(ToolResult):
    """First choices for a group of customers, and trials worth holding."""

    customers: int = figure("Customers", "Customers considered: those picked who ever bought.", unit="customers")
    interventions: list[InterventionTotal] = Field(description="By kind and basis, most gain first.")
    rows: list[CustomerIntervention] = Field(description="Customers, most gain first, then most value at risk.")
    experiments: list[ProposedExperiment] = Field(description="A trial for each intervention that rests on a rule.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what to do for a customer",
    agents=("optimiser", "analytics"),
    basis="prediction",
    examples=({"customer": "17850"},),
    views=(
        table(
            "choices",
            title="Interventions for customer {customer}",
            columns=("rank", "title", "offer", "basis", "uplift", "cost", "gain", "suits"),
        ),
    ),
    next=("What will they buy next?", "Which campaigns work?"),
    audience=lambda arguments, result: rule_of_customer((result or arguments).customer),
    why=measured_effects,
)
def customer_interventions(context: Context, arguments: CustomerInterventionsArguments) -> CustomerInterventions:
    """What to do for one customer: interventions by measured uplift × value − cost, or by the playbook's rule."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["orders_all", "churn_60", "clv_12m"])
        who = customers.facts_of(connection, arguments.customer)
        rows = response.candidates(connection, "f.customer_id = :who", {"who": who["customer_id"]}, 1)
        if not rows:
            raise NoSuchData(f"Customer {who['external_id']} never bought anything, so no intervention can be chosen.")
        table = _ranking(connection, rows, arguments.costs())
    return CustomerInterventions(
        customer=who["external_id"],
        churn_60=share(who["churn_60"]),
        clv_12m=money(who["clv_12m"]),
        choices=[_choice(row) for row in table.iter_rows(named=True)],
        currency=facts.profile.currency,
        evidence=facts.evidence(1, ["customer_facts", "uplift_scores"], WORDS),
    )


def _ranking(connection: Connection, rows: Sequence[RowMapping], costs: Costs) -> pl.DataFrame:
    import polars as pl

    from analytics.interventions import rank_interventions

    kinds: dict[str, Any] = {name: pl.String if name in _TEXTS else pl.Float64 for name in _COLUMNS}
    frame = pl.DataFrame(
        {name: [row[name] for row in rows] for name in _COLUMNS}, schema={**kinds, "customer_id": pl.Int64}
    )
    known = response.effects(connection, [row["customer_id"] for row in rows])
    effects = pl.DataFrame(
        [dict(row) for row in known],
        schema={
            "customer_id": pl.Int64,
            "intervention": pl.String,
            "effect": pl.Float64,
            "campaign_id": pl.String,
        },
    )
    return rank_interventions(frame, effects, costs=costs)


def _choice(row: dict[str, Any]) -> InterventionChoice:
    entry = _playbook()[row["intervention"]]
    return InterventionChoice(
        rank=row["rank"],
        intervention=entry.kind,
        title=entry.title,
        offer=entry.offer,
        suits=entry.suits,
        basis=row["basis"],
        uplift=share(row["effect"]),
        order_value=money(row["order_value"]),
        cost=money(row["cost"]),
        gain=money(row["gain"]),
        campaign_id=row["campaign_id"],
    )


def _playbook() -> dict[str, Any]:
    from analytics.interventions import INTERVENTIONS

    return {entry.kind: entry for entry in INTERVENTIONS}


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what to do for these customers",
    agents=("optimiser", "content"),
    basis="prediction",
    examples=({"risk": "high"}, {"segment": "At Risk", "limit": 5}),
    questions=(INTERVENTIONS, BUDGET),
    next=("Write them an email", "Which campaigns work?", "Why?"),
    audience=lambda arguments, _result: rule_named(arguments.rule, segment=arguments.segment, risk=arguments.risk),
    why=measured_effects,
)
def recommend_interventions(context: Context, arguments: RecommendInterventionsArguments) -> RecommendInterventions:
    """What to do for a group of customers: first choices by expected gain or rule, and the trials worth holding."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["orders_all", "churn_60", "clv_12m"])
        condition, values = facts.where(_picked(connection, arguments))
        rows = response.candidates(connection, condition, values, LARGEST + 1)
        if len(rows) > LARGEST:
            raise FixArguments(f"More than {LARGEST:,} customers are picked: narrow the rule.", field="rule")
        table = _ranking(connection, rows, arguments.costs())
        runs = {kind: model_runs.latest(connection, f"uplift_{kind}") for kind in _playbook()}
    first = _first_choices(table, rows)
    return RecommendInterventions(
        customers=len(rows),
        interventions=_totals(first, runs),
        rows=[_customer(row) for row in first.head(arguments.limit).iter_rows(named=True)],
        experiments=proposed_experiments(first),
        currency=facts.profile.currency,
        evidence=facts.evidence(len(rows), ["customer_facts", "uplift_scores", "model_runs"], WORDS),
    )


def _picked(connection: Connection, arguments: RecommendInterventionsArguments) -> Rule | None:
    given = [name for name in ("segment", "rule", "risk") if getattr(arguments, name) is not None]
    if len(given) > 1:
        raise FixArguments(f"Give one of segment, rule and risk, not {' and '.join(given)}.", field=given[1])
    if arguments.segment is not None:
        return rule_of_segment(connection, arguments.segment)
    if arguments.risk is not None:
        return Rule.model_validate({"field": "churn_risk", "operator": "eq", "value": arguments.risk})
    return arguments.rule


def _first_choices(table: pl.DataFrame, rows: Sequence[RowMapping]) -> pl.DataFrame:
    """One row a customer: the first choice, with name, value at risk and the chance to buy anyway."""
    import polars as pl

    from analytics.interventions import purchase_chance

    named = ("customer_id", "external_id", "name", "churn_60", "clv_12m", "expected_orders_12m")
    kinds: dict[str, Any] = {"customer_id": pl.Int64, "external_id": pl.String, "name": pl.String}
    people = pl.DataFrame(
        {name: [row[name] for row in rows] for name in named},
        schema={name: kinds.get(name, pl.Float64) for name in named},
    ).with_columns(value_at_risk=pl.col("churn_60") * pl.col("clv_12m"), chance=purchase_chance())
    first = table.filter(pl.col("rank") == 1).join(people, on="customer_id", how="inner")
    return first.sort(["gain", "value_at_risk", "customer_id"], descending=[True, True, False], nulls_last=True)


def _totals(first: pl.DataFrame, runs: dict[str, model_runs.Run | None]) -> list[InterventionTotal]:
    import polars as pl

    grouped = (
        first.group_by("intervention", "basis")
        .agg(
            customers=pl.len(),
            effect=pl.col("effect").mean(),
            cost=pl.col("cost").sum(),
            gain=pl.when(pl.col("gain").is_not_null().any()).then(pl.col("gain").sum()),
        )
        .sort(["gain", "customers", "intervention"], descending=[True, True, False], nulls_last=True)
    )
    return [
        InterventionTotal(
            intervention=row["intervention"],
            title=_playbook()[row["intervention"]].title,
            basis=row["basis"],
            customers=row["customers"],
            average_uplift=share(row["effect"]),
            cost=money(row["cost"]),
            gain=money(row["gain"]),
            evidence=_evidence(row["basis"], runs[row["intervention"]]),
        )
        for row in grouped.iter_rows(named=True)
    ]


def _evidence(basis: str, run: model_runs.Run | None) -> str:
    if run is None:
        return "A rule of the playbook; no campaign with a control group tells of it."
    parameters = run.parameters or {}
    average = parameters["average_effect"]
    interval = f"{average['low']:+.1%} to {average['high']:+.1%}"
    measured = f"average effect {average['difference']:+.1%} ({interval}), {run.status}"
    words = f"campaign {parameters['campaign_id']}: {measured}"
    if basis == "rule":
        return f"A rule of the playbook: the trial there is covers other customers or shows no effect ({words})."
    return f"Measured in {words}."


def _customer(row: dict[str, Any]) -> CustomerIntervention:
    return CustomerIntervention(
        customer=row["external_id"],
        name=row["name"],
        intervention=row["intervention"],
        basis=row["basis"],
        uplift=share(row["effect"]),
        order_value=money(row["order_value"]),
        cost=money(row["cost"]),
        gain=money(row["gain"]),
        value_at_risk=money(row["value_at_risk"]),
    )
