"""Features of customers as rows of their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from database.queries.history import History

if TYPE_CHECKING:
    import polars as pl

__all__ = ["feature_rows", "features_of"]


def features_of(history: History) -> pl.DataFrame:
    """Features of the customers of a history."""
    from analytics.features.compute import compute_features

    return compute_features(
        history.orders, history.items, history.events, as_of=history.as_of, time_zone=history.time_zone
    )


def feature_rows(features: pl.DataFrame, history: History) -> pl.DataFrame:
    """Rows of the table of features: categories, channels and places by name in place of their codes."""
    import polars as pl

    columns = {"favourite_category": "category", "main_channel": "channel", "main_location": "location"}
    names: dict[str, Any] = {
        column: pl.col(column).replace_strict(
            range(len(history.names[source])), history.names[source], default=None, return_dtype=pl.String
        )
        for column, source in columns.items()
    }
    return features.with_columns(**names, as_of=pl.lit(history.as_of))
