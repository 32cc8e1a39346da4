"""Files for attribution: touches one a row, and paths counted.

Touches become events (tools/imports/shapes.py); paths are kept as they are, a file of them on its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.channels.headers import ADDRESSES
from connectors.files.kind import Field, Kind, names

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CLICKED", "PATHS", "TOUCHES", "VIEWED", "read_interaction"]

CLICKED = ("click", "clicks", "clicked", "click-through", "clickthrough", "post-click", "postclick", "ct")
VIEWED = ("view", "views", "viewed", "view-through", "viewthrough", "post-view", "impression", "impressions", "vt")

TOUCHES = Kind(
    "touches",
    (
        Field("touch_id", "id", names("touchid touchpointid clickid interactionid")),
        # Not what names an account of an advertiser as well: "Account ID", "Profile ID".
        Field(
            "customer",
            "id",
            (
                *names(
                    "customerid customer custid customernumber clientid userid memberid shopperid buyerid visitorid"
                    " visitor anonymousid cookieid cookie personid user client"
                ),
                *ADDRESSES,
            ),
        ),
        Field(
            "occurred_at",
            "time",
            names(
                "touchedat touchtime touchtimestamp touchdate interactiontime interactiondate clicktime clickedat"
                " occurredat timestamp ts time datetime date eventtime eventdate visitedat"
            ),
            r"^(touch|click|visit|interaction|session|impression|view)\w*(date|time|timestamp|at|ts)$",
        ),
        Field("channel", "text", names("channel channelgrouping marketingchannel channelgroup touchpoint touch")),
        Field("medium", "text", names("medium utmmedium sessionmedium")),
        Field("source", "text", names("source utmsource sessionsource")),
        Field("campaign_id", "id", names("campaignid campaign campaignname utmcampaign campaignkey")),
        Field("cost", "money", names("cost touchcost clickcost cpc mediacost spend adcost"), r"cost$"),
        Field("currency", "text", names("currency currencycode costcurrency")),
        Field(
            "interaction",
            "interaction",
            names("interaction interactiontype touchtype clickorview type event"),
            tells=True,
        ),
    ),
    (("customer",), ("occurred_at",), ("channel", "medium", "source")),
)
PATHS = Kind(
    "paths",
    (
        Field(
            "path",
            "path",
            names(
                "path paths conversionpath conversionpaths channelpath pathtoconversion pathtopurchase journey"
                " touchpoints channels toppaths topconversionpaths"
            ),
            tells=True,
        ),
        Field("conversions", "money", names("conversions totalconversions conversion totalconversion converted conv")),
        Field(
            "value",
            "money",
            names("conversionvalue totalconversionvalue value totalvalue convvalue revenue totalrevenue"),
        ),
        Field(
            "nulls",
            "money",
            names("totalnull totalnulls null nulls nonconversions nonconverting notconverted unconverted lost"),
        ),
    ),
    (("path",), ("conversions",)),
)


def read_interaction(values: pl.Series) -> pl.Series:
    """click or view; null for other words."""
    known = dict.fromkeys(CLICKED, "click") | dict.fromkeys(VIEWED, "view")
    return values.str.to_lowercase().replace_strict(known, default=None)
