"""A profile's curve, and the dictionary of features as one table."""

from __future__ import annotations

from collections.abc import Iterator

from tools.customers.features import FeatureDictionary, FeatureDictionaryArguments, feature_dictionary
from tools.customers.profile import CustomerProfile, CustomerProfileArguments, customer_profile
from tools.declaration import shows
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, records


@shows(customer_profile)
def survival(outcome: Outcome[CustomerProfileArguments, CustomerProfile]) -> Iterator[Shown]:
    """How likely one is to stay, from 1 on the day of the scores."""
    curve = outcome.result.survival
    if curve:
        yield Chart(
            shape="line", title=f"Probability that {outcome.result.customer_id} is still a customer",
            x=["0", *(f"{point.days:g}" for point in curve)], x_title="Days from now", y_title="Probability",
            series=[Series(name="Still a customer", values=[1.0, *(point.probability for point in curve)])],
            unit="share",
        )  # fmt: skip


@shows(feature_dictionary)
def fields(outcome: Outcome[FeatureDictionaryArguments, FeatureDictionary]) -> Iterator[Shown]:
    """Features, then attributes and scores."""
    known = [*outcome.result.features, *outcome.result.other_fields]
    if known:
        columns = ("title", "unit", "meaning", "group")
        yield records(known, title="Customer features and fields", columns=columns)
