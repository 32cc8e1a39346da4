"""What can be asked about figures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from tools.audience.rule import Rule
from tools.results import Arguments, Term

__all__ = ["MetricFilter", "MetricHaving", "QueryMetricsArguments"]

Comparison = Literal["gt", "ge", "lt", "le"]
Grain = Literal["none", "day", "week", "month", "quarter", "year"]


def _text(value: Any) -> Any:
    """Numbers as they are written: 300, 12.5."""
    if isinstance(value, list):
        return [_text(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Wanted = Annotated[str | list[str], BeforeValidator(_text, json_schema_input_type=str | float | list[str | float])]


class MetricFilter(BaseModel, extra="forbid"):
    """A condition on a dimension."""

    dimension: str = Field(description="Dimension to filter by.")
    operator: Literal["eq", "ne", "in", "not_in", "contains", "not_contains", "between", Comparison] = Field(
        default="eq",
        description="in, not_in take a list; contains: text within, of products any of a list; gt … le, between: of "
        "numbers.",
    )
    value: Wanted = Field(description="Value, or list of values, as describe_data lists them.")

    @model_validator(mode="after")
    def _has_bounds(self) -> MetricFilter:
        if self.operator == "between" and not (isinstance(self.value, list) and len(self.value) == 2):
            raise ValueError("between takes a list of two: [low, high]")
        return self

    def values(self) -> list[str]:
        """The value or values as a list."""
        return [self.value] if isinstance(self.value, str) else self.value


class MetricHaving(BaseModel, extra="forbid"):
    """A condition on the figures of a row."""

    metric: str = Field(description="Metric, or a column of the answer such as revenue_growth.")
    operator: Comparison = Field(description="How it compares.")
    value: float = Field(description="With this number; shares as 0-1.", allow_inf_nan=False)


class QueryMetricsArguments(Arguments):
    """Which figures, cut how, over which period, set against what."""

    metrics: list[str] = Field(min_length=1, max_length=8, description="Metric names, e.g. revenue, orders, customers.")
    dimensions: list[str] = Field(
        default_factory=list, max_length=4, description="Break down by, e.g. country, product, rfm_segment."
    )
    filters: list[MetricFilter] = Field(default_factory=list, max_length=20, description="All of these must hold.")
    having: list[MetricHaving] = Field(
        default_factory=list, max_length=8, description="Only rows whose figures meet these."
    )
    rule: Rule | None = Field(default=None, description="Only what these customers ordered or did.")
    grain: Grain = Field(default="none", description="Time buckets, in the organisation's time zone.")
    start: date | None = Field(default=None, description="First day counted; absent: from the beginning of the data.")
    end: date | None = Field(default=None, description="Last day counted (inclusive); absent: to the end of the data.")
    compare_start: date | None = Field(
        default=None, description="With compare_end: the same for another period, with change and growth."
    )
    compare_end: date | None = Field(default=None, description="Its last day.")
    share: bool = Field(default=False, description="Add shares: of all rows, or of the figure without filters.")
    share_within: list[str] = Field(
        default_factory=list, max_length=4, description="Dimensions whose filters hold for the whole of a share too."
    )
    whole_start: date | None = Field(
        default=None, description="With share: first day of the whole, where it is longer."
    )
    whole_end: date | None = Field(default=None, description="Its last day.")
    per: Grain = Field(default="none", description="Add the average per day, week …; buckets without rows count as 0.")
    statistic: Literal["mean", "median", "max", "min"] | None = Field(
        default=None, description="Of `per`, instead of the mean."
    )
    only_active: bool = Field(default=False, description="With `per`: buckets without rows do not count.")
    cumulative: bool = Field(default=False, description="Add running totals over time.")
    steps: bool = Field(default=False, description="With a grain: change and growth from bucket to bucket.")
    ratio: bool = Field(default=False, description="Add the first of two metrics over the second.")
    best_per: Term | None = Field(default=None, description="Of each value of this dimension only the best row.")
    best_of: int = Field(default=1, ge=1, le=100, description="With best_per: so many rows of each value.")
    order_by: Term | None = Field(
        default=None, description="A column or 'time'. Absent: time ascending with a grain, else 1st metric."
    )
    descending: bool = Field(default=True, description="Largest, or latest, first.")
    position: int = Field(
        default=1,
        ge=1,
        le=1000,
        description="Begin at this place of the order: 2 with limit 1 is the second best.",
    )
    place_of: str | None = Field(default=None, description="Value of the dimension whose place in the order to tell.")
    limit: int = Field(default=50, ge=1, le=1000, description="Rows at most.")

    @model_validator(mode="after")
    def _has_one_place(self) -> QueryMetricsArguments:
        if self.place_of is not None and (len(self.dimensions) != 1 or self.grain != "none"):
            raise ValueError("place_of takes one dimension and no grain: it is a value of that dimension")
        if self.position > 1 and not self.dimensions and self.grain == "none":
            raise ValueError("position takes a dimension or a grain: without them there is one row")
        return self
