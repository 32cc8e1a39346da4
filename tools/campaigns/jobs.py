"""What became of own campaigns, kept day by day; those whose time is over end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import Field

from database.queries import campaign_days, lifecycle
from tools.campaigns.deliveries import BOUGHT_WITHIN
from tools.channels.rules import dry_ones
from tools.declaration import Every, Work, job
from tools.results import Arguments


class RefreshCampaignDaysArguments(Arguments):
    """How far back."""

    days: int = Field(default=30, ge=1, le=3650, description="Campaigns sent to somebody in the last so many days.")


class CloseCampaignsArguments(Arguments):
    """Nothing to say: what is over says so itself."""


@job(every=(Every("*/10 * * * *"),), needs=lifecycle.needs_closing)
def close_campaigns(work: Work, _arguments: CloseCampaignsArguments) -> dict[str, Any]:
    """Let proposals and campaigns whose time is over expire; what they have not sent is left out."""
    with work.database.transaction(work.identity.org_id) as connection:
        return {"closed": lifecycle.close(connection, work.now)}


@job(every=(Every("25 * * * *"), Every("50 4 * * *", {"days": 180})))
def refresh_campaign_days(work: Work, arguments: RefreshCampaignDaysArguments) -> dict[str, Any]:
    """Count anew what became of the campaigns sent lately, and who bought after them."""
    with work.database.transaction(work.identity.org_id) as connection:
        since = work.now - timedelta(days=arguments.days)
        campaigns = campaign_days.lately(connection, since, dry_ones())
        days = campaign_days.keep(connection, campaigns, BOUGHT_WITHIN, dry_ones()) if campaigns else 0
    return {"campaigns": len(campaigns), "days": days}
