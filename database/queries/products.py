"""What the shop sells, and what it charges for besides."""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["services", "words"]


def services(connection: Connection) -> list[tuple[str, str]]:
    """(sku, name) of the products that are no merchandise, such as postage, by name."""
    sql = text("select sku, coalesce(name, sku) as name from products where not merchandise order by name, sku")
    return [(row.sku, row.name) for row in connection.execute(sql)]


def words(connection: Connection, limit: int) -> list[str]:
    """The words of at least three letters in names products have or had, in lower case, the most frequent first."""
    sql = text(
        r"""
        with named as (select lower(name) as name from product_names union select lower(name) from products)
        select word from named, regexp_split_to_table(name, '[^[:alpha:]]+') as word
        where length(word) > 2 group by word order by count(*) desc, word limit :limit
        """
    )
    return list(connection.execute(sql, {"limit": limit}).scalars())
