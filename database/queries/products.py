"""What the shop sells, and what it charges for besides."""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["services"]


def services(connection: Connection) -> list[tuple[str, str]]:
    """(sku, name) of the products that are no merchandise, such as postage, by name."""
    sql = text("select sku, coalesce(name, sku) as name from products where not merchandise order by name, sku")
    return [(row.sku, row.name) for row in connection.execute(sql)]
