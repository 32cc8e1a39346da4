"""How people ask for orders one by one."""

from __future__ import annotations

from language.order_records import orders_asked
from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["ORDERS"]


def orders(slots: Slots, scene: Scene) -> list[Call] | None:
    """The orders a clause asks for; None where any word of it says more than that."""
    asked = orders_asked(slots, scene)
    return None if asked is None else [Call("list_orders", asked)]


def _unsure(slots: Slots, scene: Scene) -> Answerable:
    return orders(slots, scene) or "Which orders? Say whose, of which days, over which amount, or the order's number."


ORDERS = Request("orders", "", _unsure, reads=orders)
