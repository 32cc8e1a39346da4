"""What sets a group apart from the rest, in figures and in words, and the name that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.features.dictionary import feature
from analytics.segmentation.scaling import Matrix

__all__ = ["Trait", "named", "traits"]

CLEAR = 0.5  # a "medium" difference after Cohen (1988); smaller ones name nothing
TOP = 5
LEAST_SHARE_RATIO = 1.5


@dataclass(frozen=True, slots=True)
class Trait:
    """One feature of a group against everybody else.

    difference: standardised difference of means (Cohen's d on scaled values), or for a category the natural
    logarithm of the share ratio. inside / outside: medians in the feature's unit, or shares of the category.
    """

    feature: str
    difference: float
    inside: float
    outside: float
    words: str
    code: int | None = None


_WORDS: dict[str, tuple[str, str]] = {  # feature: (when high, when low)
    "recency_days": ("long silent", "recently active"),
    "tenure_days": ("long-standing", "newcomers"),
    "days_since_first_order": ("long-standing buyers", "new buyers"),
    "frequency_12m": ("frequent this year", "rare this year"),
    "frequency_all": ("frequent", "infrequent"),
    "typical_gap_days": ("slow rhythm", "quick rhythm"),
    "gap_spread_days": ("irregular", "regular"),
    "overdue_ratio": ("overdue", "on time"),
    "monetary_value": ("high spend", "low spend"),
    "avg_order_value": ("large orders", "small orders"),
    "order_value_spread": ("changing order values", "even order values"),
    "max_order_value": ("a very large order", "no large order"),
    "orders_all": ("many orders", "few orders"),
    "orders_30d": ("buying this month", "no order this month"),
    "orders_90d": ("buying lately", "no recent orders"),
    "orders_365d": ("many orders this year", "few orders this year"),
    "revenue_30d": ("spending this month", "no spend this month"),
    "revenue_90d": ("spending lately", "no recent spend"),
    "revenue_365d": ("high spend this year", "low spend this year"),
    "revenue_trend_90d": ("spend rising", "spend falling"),
    "items_per_order": ("full baskets", "small baskets"),
    "avg_item_price": ("expensive items", "inexpensive items"),
    "distinct_products": ("many products", "few products"),
    "distinct_categories": ("many categories", "few categories"),
    "favourite_category_share": ("one category", "mixed categories"),
    "repeat_product_share": ("buys the same again", "tries new products"),
    "discount_share": ("big discounts", "full price"),
    "discounted_order_share": ("discount buyers", "rarely on discount"),
    "refund_rate": ("often refunded", "hardly refunded"),
    "refund_value_share": ("much refunded", "little refunded"),
    "distinct_channels": ("several channels", "one channel"),
    "main_channel_share": ("true to one channel", "mixed channels"),
    "weekend_share": ("weekend buyers", "weekday buyers"),
    "night_share": ("night buyers", "daytime buyers"),
    "spending_seasonality": ("seasonal", "even over the year"),
    "distinct_locations": ("several places", "one place"),
    "main_location_share": ("one main place", "changing places"),
    "email_open_rate": ("opens emails", "ignores emails"),
    "email_click_rate": ("clicks emails", "never clicks"),
    "email_bounce_rate": ("bouncing emails", "reachable by email"),
    "sms_click_rate": ("clicks SMS", "ignores SMS"),
    "days_since_last_open": ("long since an open", "opened lately"),
    "days_since_last_visit": ("long since a visit", "visited lately"),
    "website_visit_frequency": ("frequent visitors", "rare visitors"),
    "product_views_90d": ("many product views", "few product views"),
    "cart_abandonment_rate": ("leaves carts", "completes carts"),
}


def traits(
    matrix: Matrix, features: pl.DataFrame, labels: npt.NDArray[np.integer], group: int, top: int = TOP
) -> list[Trait]:
    """The `top` features that set `group` apart from everybody else, strongest first; empty without others.

    `matrix`, `features` and `labels` (a group per row) are of the same customers in the same order.
    """
    inside = labels == group
    if not inside.any() or inside.all():
        return []
    found = [*_numbers(matrix, features, inside), *_categories(features, inside)]
    return sorted(found, key=lambda trait: -abs(trait.difference))[:top]


def _numbers(matrix: Matrix, features: pl.DataFrame, inside: npt.NDArray[np.bool_]) -> list[Trait]:
    one, rest = matrix.values[inside], matrix.values[~inside]
    spread = np.sqrt((one.var(axis=0) * len(one) + rest.var(axis=0) * len(rest)) / (len(one) + len(rest)))
    gap = (one.mean(axis=0) - rest.mean(axis=0)) / np.maximum(spread, 0.05)
    kept = [i for i in np.argsort(-np.abs(gap)) if abs(gap[i]) >= CLEAR][: 3 * TOP]
    mask = pl.Series(inside)
    return [_number(matrix.names[i], float(gap[i]), features[matrix.names[i]], mask) for i in kept]


def _number(name: str, gap: float, values: pl.Series, inside: pl.Series) -> Trait:
    ours, theirs = _median(values.filter(inside)), _median(values.filter(~inside))
    known = feature(name)
    high, low = _WORDS.get(name, (f"high {name.replace('_', ' ')}", f"low {name.replace('_', ' ')}"))
    figures = f"{_figure(ours, known.unit)} against {_figure(theirs, known.unit)}"
    return Trait(name, gap, ours, theirs, f"{high if gap > 0 else low}: {figures}")


def _median(values: pl.Series) -> float:
    """Median of the known values; the mean where the median says 0 for many and the mean does not."""
    known = values.drop_nulls().cast(pl.Float64)
    if known.is_empty():
        return 0.0
    middle, mean = known.median(), known.mean()
    return float(middle or mean or 0.0)  # type: ignore[arg-type]


def _figure(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.0%}"
    rounded = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"
    figure = rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
    return f"{figure} days" if unit == "days" else figure


def _categories(features: pl.DataFrame, inside: npt.NDArray[np.bool_]) -> list[Trait]:
    mask = pl.Series(inside)
    found = []
    for name in ("favourite_category", "main_channel", "main_location"):
        if name in features.columns and features[name].drop_nulls().len():
            trait = _category(name, features[name].filter(mask), features[name].filter(~mask))
            if trait is not None:
                found.append(trait)
    return found


def _category(name: str, ours: pl.Series, theirs: pl.Series) -> Trait | None:
    """The category most over-represented inside, where at least a fifth of the group has it."""
    counts = ours.drop_nulls().value_counts().rename({name: "code", "count": "n"})
    others = dict(theirs.drop_nulls().value_counts().iter_rows())
    best: Trait | None = None
    for code, n in counts.sort("n", "code", descending=[True, False]).head(5).iter_rows():
        share, elsewhere = n / ours.len(), (others.get(code, 0) + 0.5) / (theirs.len() + 1)
        if code < 0 or share < 0.2 or share / elsewhere < LEAST_SHARE_RATIO:
            continue
        words = f"{name.replace('_', ' ')}: {share:.0%} against {elsewhere:.0%}"
        trait = Trait(name, float(np.log(share / elsewhere)), share, elsewhere, words, int(code))
        if best is None or trait.difference > best.difference:
            best = trait
    return best


def named(found: list[list[Trait]], value: list[str]) -> list[str]:
    """A name a group from its traits: two words of different feature groups; its value level where little stands out.

    Names are unique: a third word, then a number, tells groups of the same name apart.
    """
    names: list[str] = []
    for traits_of, level in zip(found, value, strict=True):
        words = _words(traits_of) or [f"{level} value, average in all else"]
        name = ", ".join(words[:2])
        if name.lower() in {n.lower() for n in names} and len(words) > 2:
            name = ", ".join(words[:3])
        count = sum(n.lower().startswith(name.lower()) for n in names)
        names.append(_titled(name if not count else f"{name} ({count + 1})"))
    return names


def _words(found: list[Trait]) -> list[str]:
    words, groups = [], set[str]()
    for trait in found:
        group = feature(trait.feature).group
        if trait.code is None and group not in groups:
            groups.add(group)
            words.append(trait.words.split(":", 1)[0])
    return words


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:]
