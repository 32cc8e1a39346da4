"""The next best product or category of each customer: what buyers of the same things buy, against what everybody buys.

Item-item collaborative filtering on implicit feedback (Sarwar, Karypis, Konstan & Riedl 2001; Deshpande & Karypis
2004) with purchases fading by half-life; it is used only where it beats popularity on a later window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.errors import FixArguments

__all__ = ["Backtest", "Recommendations", "backtest", "recommend"]

Method = Literal["item_item", "popularity"]
HALF_LIFE_DAYS = 120.0
NEIGHBOURS = 100
"""Most similar items kept an item."""
SHRINKAGE = 5.0
"""Weight added to both norms: items few people bought are similar to nothing."""
LARGEST_BASKET = 300
"""Items of a customer similarities are learnt from, the weightiest: who buys everything says little."""
SMALLEST_TEST = 30
CHUNK_CELLS = 8_000_000
"""Customers × items scored at once (64 MB)."""
_SCHEMA: dict[str, Any] = {"customer_id": pl.Int64, "rank": pl.Int16, "item": pl.Int32, "score": pl.Float64}


@dataclass(frozen=True, slots=True)
class Backtest:
    """Hit rate@k on purchases from `cutoff` to the end of the data, both methods on the same customers.

    A hit: at least one of the k recommended items is bought in the window. `gain` is item_item - popularity with a
    95 % interval from the paired differences; rates are None where fewer than 30 customers could be tested.
    """

    cutoff: datetime | None
    k: int
    customers: int
    item_item: float | None
    popularity: float | None
    gain_low: float | None
    gain_high: float | None
    champion: Method
    reason: str


@dataclass(frozen=True, slots=True)
class Recommendations:
    """customer_id, rank (1 best), item (code), score (comparable within a customer); and how the method was chosen."""

    customers: pl.DataFrame
    backtest: Backtest


@dataclass(frozen=True, slots=True)
class _Basket:
    """Faded purchases, customers in rows and items in columns (scipy CSR); `ids` names the rows.

    `telling` are the same with at most LARGEST_BASKET items a customer.
    """

    weights: Any
    telling: Any
    ids: NDArray[np.int64]


def recommend(
    items: pl.DataFrame,
    *,
    as_of: datetime,
    column: Literal["product", "category"] = "product",
    top: int = 5,
    new_only: bool = True,
    customers: list[int] | None = None,
) -> Recommendations:
    """The `top` next items of every customer with a purchase before `as_of`, or of `customers` only.

    `items` as analytics takes order lines (customer_id, ordered_at, product / category codes, quantity); refunds and
    unknown items (-1) are left out. `new_only`: items the customer never bought. Customers without any purchase are
    absent. The method is the winner of `backtest` on the last quarter of the history, at most 90 days.
    """
    sold = _sold(items, column, as_of)
    judged = backtest(sold, as_of=as_of, column=column, k=top, new_only=new_only)
    if sold.is_empty():
        return Recommendations(pl.DataFrame(schema=_SCHEMA), judged)
    width = _width(sold, column)
    basket = _basket(sold, column, as_of, width)
    rows = np.arange(len(basket.ids))
    if customers is not None:
        rows = rows[np.isin(basket.ids, np.asarray(customers, dtype=np.int64))]
    found = _ranked(basket, rows, _scores(judged.champion, basket), top, new_only)
    return Recommendations(found, judged)


def backtest(
    items: pl.DataFrame, *, as_of: datetime, column: str = "product", k: int = 5, new_only: bool = True
) -> Backtest:
    """Both methods learn before the cutoff and are asked what the customers of the later window buy there."""
    sold = _sold(items, column, as_of)
    first = cast("datetime | None", sold["ordered_at"].min())
    if first is None:
        return _untested(None, k, 0, "nothing was bought yet")
    cutoff = as_of - min((as_of - first) / 4, timedelta(days=90))
    past, later = sold.filter(pl.col("ordered_at") < cutoff), sold.filter(pl.col("ordered_at") >= cutoff)
    wanted = later.select("customer_id", column).unique()
    if new_only:
        wanted = wanted.join(past.select("customer_id", column).unique(), on=["customer_id", column], how="anti")
    wanted = wanted.filter(pl.col("customer_id").is_in(past["customer_id"].unique().implode()))
    tested = wanted["customer_id"].unique().sort().to_numpy()
    if len(tested) < SMALLEST_TEST:
        return _untested(cutoff, k, len(tested), f"only {len(tested)} customers bought before and after the cutoff")
    width = _width(sold, column)
    basket = _basket(past, column, cutoff, width)
    rows = np.flatnonzero(np.isin(basket.ids, tested))
    hits = {m: _hits(_ranked(basket, rows, _scores(m, basket), k, new_only), wanted, column) for m in _METHODS}
    return _judged(cutoff, k, hits["item_item"], hits["popularity"])


_METHODS: tuple[Method, ...] = ("item_item", "popularity")


def _judged(cutoff: datetime, k: int, ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> Backtest:
    gain = ours - theirs
    reach = 1.96 * float(gain.std(ddof=1)) / math.sqrt(len(gain))
    low, high = float(gain.mean()) - reach, float(gain.mean()) + reach
    wins = low > 0
    words = "finds more of the later purchases than" if wins else "is not shown to find more of them than"
    return Backtest(
        cutoff=cutoff,
        k=k,
        customers=len(gain),
        item_item=float(ours.mean()),
        popularity=float(theirs.mean()),
        gain_low=low,
        gain_high=high,
        champion="item_item" if wins else "popularity",
        reason=f"what buyers of the same items bought {words} the overall best sellers "
        f"(hit rate@{k} {ours.mean():.3f} against {theirs.mean():.3f} on {len(gain):,} customers)",
    )


def _untested(cutoff: datetime | None, k: int, customers: int, why: str) -> Backtest:
    return Backtest(cutoff, k, customers, None, None, None, None, "popularity", f"not enough data to compare: {why}")


def _sold(items: pl.DataFrame, column: str, as_of: datetime) -> pl.DataFrame:
    if column not in ("product", "category"):
        raise FixArguments(f"There is no item column '{column}'.", field="column", valid=("product", "category"))
    needed = {"customer_id", "ordered_at", column, "quantity"}
    if items.is_empty() and not needed <= set(items.columns):
        return pl.DataFrame(
            schema={
                "customer_id": pl.Int64,
                "ordered_at": pl.Datetime("us", "UTC"),
                column: pl.Int32,
                "quantity": pl.Float64,
            }
        )
    if missing := sorted(needed - set(items.columns)):
        raise FixArguments(f"The items frame lacks {', '.join(missing)}.", field="items", valid=sorted(needed))
    return items.filter((pl.col("ordered_at") < as_of) & (pl.col("quantity") > 0) & (pl.col(column) >= 0)).select(
        sorted(needed)
    )


def _width(sold: pl.DataFrame, column: str) -> int:
    return int(cast(int, sold[column].max())) + 1


def _basket(sold: pl.DataFrame, column: str, as_of: datetime, width: int) -> _Basket:
    """One weight a customer and item: the freshest purchase's 2^(-age / half-life), a little more for repeats."""
    from scipy import sparse

    age = (pl.lit(as_of) - pl.col("ordered_at").max()).dt.total_seconds() / 86_400
    pairs = (
        sold.group_by("customer_id", column)
        .agg(weight=(-age * math.log(2) / HALF_LIFE_DAYS).exp() * (1 + pl.col("ordered_at").n_unique().log()))
        .sort("customer_id", column)
    )
    ids, rows = np.unique(pairs["customer_id"].to_numpy(), return_inverse=True)
    place = pairs.select(pl.col("weight").rank("ordinal", descending=True).over("customer_id")).to_series().to_numpy()
    weight, item, shape = pairs["weight"].to_numpy(), pairs[column].to_numpy(), (len(ids), width)
    few = place <= LARGEST_BASKET
    return _Basket(
        sparse.csr_matrix((weight, (rows, item)), shape=shape),
        sparse.csr_matrix((weight[few], (rows[few], item[few])), shape=shape),
        ids,
    )


def _scores(method: Method, basket: _Basket) -> Any:
    """What a chunk of basket rows is multiplied by: item similarities (sparse), or a row of popularity."""
    if method == "popularity":
        return np.asarray(basket.weights.sum(axis=0)).ravel()
    return _similarities(basket.telling)


def _similarities(weights: Any) -> Any:
    """Cosine of item columns with shrinkage, the item itself left out, the strongest neighbours of each kept."""
    from scipy import sparse

    together = (weights.T @ weights).tocsr()
    norms = np.sqrt(together.diagonal() + SHRINKAGE)
    together = sparse.diags(1 / norms) @ together @ sparse.diags(1 / norms)
    together = together.tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    kept = np.zeros(together.nnz, dtype=bool)
    for start, end in zip(together.indptr[:-1], together.indptr[1:], strict=True):
        if end - start <= NEIGHBOURS:
            kept[start:end] = True
        else:
            kept[start + np.argpartition(-together.data[start:end], NEIGHBOURS)[:NEIGHBOURS]] = True
    together.data[~kept] = 0
    together.eliminate_zeros()
    return together


def _ranked(basket: _Basket, rows: NDArray[np.int64], scores: Any, top: int, new_only: bool) -> pl.DataFrame:
    """The best items of the given basket rows; items without any score are not recommended."""
    step = max(1, CHUNK_CELLS // max(basket.weights.shape[1], 1))
    parts = [_ranked_chunk(basket, rows[at : at + step], scores, top, new_only) for at in range(0, len(rows), step)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMA)


def _ranked_chunk(basket: _Basket, rows: NDArray[np.int64], scores: Any, top: int, new_only: bool) -> pl.DataFrame:
    bought = basket.weights[rows]
    if isinstance(scores, np.ndarray):
        found = np.tile(scores, (len(rows), 1))
    else:
        found = (bought @ scores).toarray()
        if not new_only:
            found += bought.toarray()  # an item bought before speaks for itself
    if new_only:
        found[bought.nonzero()] = 0
    many = min(top, found.shape[1])
    best = np.sort(np.argpartition(-found, many - 1, axis=1)[:, :many], axis=1)
    values = np.take_along_axis(found, best, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    best, values = np.take_along_axis(best, order, axis=1), np.take_along_axis(values, order, axis=1)
    frame = pl.DataFrame(
        {
            "customer_id": np.repeat(basket.ids[rows], many),
            "rank": np.tile(np.arange(1, many + 1), len(rows)),
            "item": best.ravel(),
            "score": values.ravel(),
        },
    )
    return frame.cast(cast(Any, _SCHEMA)).filter(pl.col("score") > 0)


def _hits(found: pl.DataFrame, wanted: pl.DataFrame, column: str) -> NDArray[np.float64]:
    """1 for each tested customer with a recommended item among the wanted ones, by customer_id."""
    pairs = found.join(wanted, left_on=["customer_id", "item"], right_on=["customer_id", column], how="semi")
    hit = pairs["customer_id"].unique()
    everyone = wanted.select("customer_id").unique().sort("customer_id")
    return everyone["customer_id"].is_in(hit.implode()).cast(pl.Float64).to_numpy()
