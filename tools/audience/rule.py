"""A rule that picks customers: a tree of conditions, as JSON, that becomes SQL with bound values.

{"all": [rule, …]} | {"any": [rule, …]} | {"not": rule}
| {"field": "recency_days", "operator": "ge", "value": 90}
| {"event": "email_open", "did": false, "within_days": 30}
| {"purchase": "orders", "operator": "ge", "value": 2, "product": "red mug", "within_days": 90}
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Discriminator, Field, RootModel, Tag

from tools.results import Term

__all__ = [
    "All", "AnyOf", "Condition", "EventCondition", "Not", "Operator", "PurchaseCondition", "Rule", "rule_named",
    "rule_of_customer",
]  # fmt: skip

Operator = Literal[
    "eq", "ne", "lt", "le", "gt", "ge", "between", "in", "not_in", "contains", "top_share", "bottom_share", "is_null",
    "not_null",
]  # fmt: skip
Scalar = bool | int | float | str
Channel = Annotated[str, Field(min_length=1, max_length=200)]


class _Node(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)


class All(_Node):
    """Every rule of the list holds."""

    all: list[Rule] = Field(min_length=1, max_length=50, description="Rules that must all hold.")


class AnyOf(_Node):
    """At least one rule of the list holds."""

    any: list[Rule] = Field(min_length=1, max_length=50, description="Rules of which at least one must hold.")


class Not(_Node):
    """The rule does not hold (an unknown value counts as not holding, so its negation holds)."""

    not_: Rule = Field(alias="not", description="Rule that must not hold.")


class Condition(_Node):
    """A comparison of one field of a customer."""

    field: str = Field(
        description="A customer attribute (country, city, customer_id, consent_email …), a feature (recency_days, "
        "monetary_value, orders_all, revenue_90d …; see feature_dictionary), rfm_segment, churn_risk, churn_60, "
        "clv_12m, p_alive, next_purchase_at …"
    )
    operator: Operator = Field(
        validation_alias=AliasChoices("operator", "op"),
        description="eq, ne, lt, le, gt, ge: compare with `value`; between: value = [low, high], both included; "
        "in, not_in: value = list; contains: text within text; top_share, bottom_share: the highest or lowest share "
        "of customers by a number (0.1 = 10%); is_null, not_null: no value.",
    )
    value: Scalar | list[Scalar] | None = Field(
        default=None,
        description="Number in the field's unit, text, true/false, or a list. Times: ISO date, or relative to the "
        "end of the data: 'as_of-30d', 'as_of+14d'.",
    )


class EventCondition(_Node):
    """The customer did (or did not do) something at least so many times, lately or ever."""

    event: str = Field(
        description="Kind of event: visit, product_view, cart, checkout, purchase, email_sent, email_open, "
        "email_click, email_bounce, email_unsubscribe, sms_sent, sms_click."
    )
    did: bool = Field(default=True, description="False: customers who did it fewer than `at_least` times.")
    at_least: int = Field(default=1, ge=1, description="Number of times.")
    within_days: int | None = Field(default=None, ge=1, le=36_500, description="Days before the end of the data.")
    start: Term | None = Field(default=None, description="Or: first day counted, ISO, or 'as_of-30d'.")
    end: Term | None = Field(default=None, description="Last day counted, inclusive.")


class OrderValue(_Node):
    """How much one order has to be worth to be counted."""

    operator: Literal["eq", "lt", "le", "gt", "ge", "between"] = Field(
        validation_alias=AliasChoices("operator", "op"), default="ge", description="Compared with `value`."
    )
    value: int | float | list[int | float] = Field(description="Money, or [low, high].")


class PurchaseCondition(_Node):
    """How much a customer bought: of one product or category or of anything, ever or in a window."""

    purchase: Literal[
        "orders", "revenue", "units", "refunds", "products", "categories", "channels", "countries", "days", "weeks",
        "months", "quarters", "years", "gap_days",
    ] = Field(
        description="What is counted: orders (sales; with a product or category those that hold it), refunds (the "
        "same), revenue (money) or units, both net of what came back; different products, categories, channels, "
        "countries of sales; different days … years with a sale; gap_days: longest time between two sales in a row, "
        "the second of them in the window. Who bought nothing has 0."
    )  # fmt: skip
    operator: Literal["eq", "lt", "le", "gt", "ge", "between"] = Field(
        validation_alias=AliasChoices("operator", "op"),
        default="ge",
        description="Compared with `value`; between: value = [low, high], both included.",
    )
    value: int | float | list[int | float] = Field(default=1, description="Number, or [low, high].")
    product: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="A SKU, a product's name, or words that all occur in the names of the products meant.",
    )
    category: str | None = Field(default=None, min_length=1, max_length=200, description="Category of the product.")
    channel: Channel | list[Channel] | None = Field(default=None, description="Channel of the orders, or several.")
    weekdays: list[Annotated[int, Field(ge=1, le=7)]] | None = Field(
        default=None, min_length=1, max_length=7, description="Only orders of these days: 1 is Monday, 7 is Sunday."
    )
    which: Literal["first", "later"] | None = Field(
        default=None, description="Only each customer's first sale, or only what came after it."
    )
    order_value: OrderValue | None = Field(default=None, description="Only sales worth so much each.")
    discounted: bool | None = Field(default=None, description="Only sales with (true) or without a discount.")
    within_days: int | None = Field(default=None, ge=1, le=36_500, description="Days before the end of the data.")
    within_days_of_first: int | None = Field(
        default=None, ge=1, le=36_500, description="Only this many days from the customer's first sale on."
    )
    start: Term | None = Field(default=None, description="Or: first day counted, ISO ('2011-12-01') or 'as_of-30d'.")
    end: Term | None = Field(default=None, description="Last day counted, inclusive.")


def _shape(node: Any) -> str | None:
    keys = node.keys() if isinstance(node, dict) else type(node).model_fields if isinstance(node, BaseModel) else ()
    names = {"not" if key == "not_" else key for key in keys}
    return next((tag for tag in ("all", "any", "not", "event", "purchase", "field") if tag in names), None)


class Rule(
    RootModel[
        Annotated[
            Annotated[All, Tag("all")]
            | Annotated[AnyOf, Tag("any")]
            | Annotated[Not, Tag("not")]
            | Annotated[Condition, Tag("field")]
            | Annotated[EventCondition, Tag("event")]
            | Annotated[PurchaseCondition, Tag("purchase")],
            Discriminator(
                _shape,
                custom_error_type="rule",
                custom_error_message='a rule is {"all": [...]}, {"any": [...]}, {"not": rule}, '
                '{"field": name, "operator": how, "value": value}, {"event": kind, ...} or {"purchase": "orders", ...}',
            ),
        ]
    ]
):
    """{"all": [rules]}, {"any": [rules]} or {"not": rule} of:

    {"field": "recency_days", "operator": "ge", "value": 90}: a field of feature_dictionary; operator eq, ne, lt, le,
    gt, ge, between ([low, high]), in, not_in (a list), contains, top_share, bottom_share (0.1: 10%), is_null,
    not_null; times ISO or "as_of-30d".
    {"event": "email_open", "did": false, "at_least": 1, "within_days": 30}: visit, product_view, cart, checkout,
    purchase, email_sent, email_open, email_click, email_bounce, email_unsubscribe, sms_sent, sms_click; or with start,
    end (ISO days).
    {"purchase": "orders", "operator": "ge", "value": 2, "product": "red mug", "within_days": 90}: orders, revenue,
    units, refunds; how many products, categories, channels, countries; days, weeks, months, quarters, years with a
    sale; gap_days. Narrowed by category, channel (one or a list), discounted, weekdays ([7]: Sundays), which ("first"
    or "later" sales), start, end, within_days_of_first, order_value ({"operator": "ge", "value": 200}) too.
    """

    def plain(self) -> dict[str, Any]:
        """The tree as plain JSON, as it is stored and compiled."""
        tree: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        return tree


for _model in (All, AnyOf, Not, Rule):
    _model.model_rebuild()


def rule_named(rule: Rule | None, *, segment: str | None = None, risk: str | None = None) -> dict[str, Any] | None:
    """The customers that arguments name, by a segment, a risk to leave, or a rule, as a plain rule."""
    for field, value in (("rfm_segment", segment), ("churn_risk", risk)):
        if value:
            return {"field": field, "operator": "eq", "value": value}
    return rule.plain() if rule else None


def rule_of_customer(customer: str | None) -> dict[str, Any] | None:
    """One customer, by the shop's id or the email address, as a plain rule."""
    if not customer:
        return None
    return {"field": "email" if "@" in customer else "customer_id", "operator": "eq", "value": customer}
