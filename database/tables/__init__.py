"""The tables as SQLAlchemy models, one file a topic; migrations are checked against them."""

from database.tables import (
    actions,
    changes,
    commerce,
    connections,
    features,
    identities,
    identity,
    intelligence,
    marketing,
    operations,
    planning,
    privacy,
    product_names,
    response,
    segmentation,
    vectors,
)
from database.tables.base import Base

__all__ = [
    "Base",
    "actions",
    "changes",
    "commerce",
    "connections",
    "features",
    "identities",
    "identity",
    "intelligence",
    "marketing",
    "operations",
    "planning",
    "privacy",
    "product_names",
    "response",
    "segmentation",
    "vectors",
]
