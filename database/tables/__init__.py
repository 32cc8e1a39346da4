"""The tables as SQLAlchemy models, one file a topic; migrations are checked against them."""

from database.tables import (
    actions,
    acts,
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
    "acts",
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
