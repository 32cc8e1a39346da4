"""How people ask what data there is."""

from __future__ import annotations

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots


def data(_slots: Slots, _scene: Scene) -> list[Call]:
    """Everything there is."""
    return [Call("describe_data", {})]


DATA = Request(
    "data",
    """
        what data do you have | which data is loaded | how fresh is the data | what period does the data cover |
        how many rows are there | which metrics can I ask for | what is missing from the data | describe the data |
        when does the data end | is this demo data | which tables are there | what can i ask about | data overview |
        what information do you have | what's in the database | what do you know about our business | what is loaded |
        which datasets are in here | which sources of information are loaded | data inventory | how up to date is this |
        give me an inventory of the tables | until when do the figures go | what's the last day you have |
        latest date in the data | how far back does the data go | from when do you have orders | time span of the data |
        since when is there order data | first and last date in the database | do you have data for 2019 |
        do you have e-mail data | do we have advertising data in here | is there anything on website visits loaded |
        are products and categories loaded | number of records loaded | how many lines did we import in total |
        size of the database | which figures can you give me | which metrics are available | list the metrics you know |
        list of metrics and dimensions | which dimensions can I break figures down by | how is revenue defined here |
        by what can I split the revenue | how do you calculate net sales | definition of each metric | wat data u got |
        what exactly counts as an order in your figures | are refunds taken off in the revenue | any gaps in the data |
        in which currency are the amounts | what currency do you use | which time zone are the days in | data quality |
        is this real data or a demo | what can I find out here | what kind of things can I ask about our data |
        could you please describe what you have to work with | which countries occur in the data | what data is there |
        which categories are there in the data | data freshness | what dates does the data cover |
        which countries, channels and categories are there | what is your revenue definition |
        which figures are available | which metrics exist here | what metrics can I query | list of available figures |
        what can I break revenue down by
    """,
    data,
    rank=390,
    cues=(
        r"\b(?:data|tables|dataset|rows)\b",
        r"\b(?:which|what) (?:metrics|dimensions|figures)\b",
        r"\bhow (?:fresh|recent|old|up to date)\b",
    ),
    not_with=r"<metric> .*by|\bsegment",
    near_misses="""
        data protection officer | delete all data | who can see my data | where is the data stored on disk |
        back up the database | restore yesterday's backup | how do I drop a table | data plan of my phone |
        write me an SQL query | show the raw SQL | how much disk space is left | export the whole database |
        is the data encrypted | GDPR data request of a customer | how do I upload a file bigger than 5 GB |
        dating tips
    """,
)
