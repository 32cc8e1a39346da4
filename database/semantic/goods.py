"""Which products words mean: by SKU, by the name a product bears, and by every name it was sold under before.

SQL over `products` and `product_names`; what is looked for comes as the name of a bound value (":f0").
"""

from __future__ import annotations

__all__ = ["called", "containing", "worded"]

_FORMER = "select n.sku from product_names n where n.lines > 0 and"


def called(wanted: str) -> str:
    """SKUs of products with one of these SKUs or names (an array in lower case).

    A former name finds its product unless another one bears it now.
    """
    borne = "select from products x where lower(x.name) = lower(n.name) or lower(x.sku) = lower(n.name)"
    return (
        f"select p.sku from products p where lower(p.sku) = any({wanted}) or lower(p.name) = any({wanted})"  # noqa: S608
        f" union all {_FORMER} lower(n.name) = any({wanted}) and not exists ({borne})"
    )


def containing(wanted: str) -> str:
    """SKUs of products whose SKU, name or former name contains this text, in any case."""
    holds = f"position(lower({wanted}) in lower({{}})) > 0"
    return (
        f"select p.sku from products p where {holds.format('p.sku')} or {holds.format('p.name')}"  # noqa: S608
        f" union all {_FORMER} {holds.format('n.name')}"
    )


def worded(wanted: str, patterns: str) -> str:
    """SKUs of products called `wanted`; where there is none, of those whose name or former name fits all `patterns`."""
    fits = f"lower({{}}) ~ all(cast({patterns} as text[]))"
    return (
        f"with called as materialized ({called(wanted)}) select sku from called"  # noqa: S608
        f" union all select p.sku from products p where {fits.format('p.name')} and not exists (select from called)"
        f" union all {_FORMER} {fits.format('n.name')} and not exists (select from called)"
    )
