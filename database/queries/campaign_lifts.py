"""What a campaign cost, and which campaigns' measured effects are kept out of the marketing mix."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

__all__ = ["cost", "keep_out", "kept_out", "let_in"]


def cost(connection: Connection, campaign_id: str, first: date, until: date) -> float | None:
    """What its days from `first` to before `until` cost; None where no cost is known."""
    query = text(
        "select sum(cost) from campaign_daily where campaign_id = :campaign and day >= :first and day < :until"
    )
    total = connection.execute(query, {"campaign": campaign_id, "first": first, "until": until}).scalar_one()
    return None if total is None else float(total)


def kept_out(connection: Connection) -> frozenset[str]:
    """Campaigns that a person keeps out."""
    return frozenset(connection.execute(text("select campaign_id from lift_test_exclusions")).scalars())


def keep_out(connection: Connection, campaign_id: str, by: str) -> None:
    """Keep a campaign out from now on; once is enough."""
    query = text(
        """
        insert into lift_test_exclusions (campaign_id, excluded_by) values (:campaign, :by)
        on conflict (org_id, campaign_id) do nothing
        """
    )
    connection.execute(query, {"campaign": campaign_id, "by": by})


def let_in(connection: Connection, campaign_id: str) -> None:
    """Let a campaign count again."""
    connection.execute(
        text("delete from lift_test_exclusions where campaign_id = :campaign"), {"campaign": campaign_id}
    )
