# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""How people ask what data there is."""

from __future__ import annotations

import re
from dataclasses import replace

from language.periods import Periods
from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from language.whole_clause import whole_clause

_TABLES = (
    ("order_items", r"(?:order )?lines|rows|records|positions|line items"),
    ("orders", r"orders?|invoices?|transactions|sales documents|purchases"),
    ("customers", r"customers|clients|buyers|shoppers"),
    ("products", r"products|articles|items|skus"),
    (
        "events",
        r"events?|(?:web ?site |web |site )?(?:visits|traffic|tracking)|page views|clickstream|email (?:opens|clicks|data|events)",
    ),
    ("campaigns", r"campaigns?|mailings"),
    (
        "channel_spend",
        r"(?:ads?|advertising|advert|media|marketing) (?:\w+ )?(?:spend|spending|costs?|budgets?|data|expenses)|spend|advertising|adverts|ads",
    ),
    ("mentions", r"mentions|reviews|ratings"),
)
_FACTS = (
    (
        "first_day",
        r"since|from when|first|start\w*|begin\w*|earliest|oldest|far back|period|span|range|cover\w*|years|dates|how long|how old",
    ),
    (
        "last_day",
        r"until|till|last|latest|end|ends|newest|most recent|up to date|fresh\w*|recent|period|span|range|cover\w*|years|dates|how long",
    ),
    ("currency", r"currency|currencies"),
    ("time_zone", r"time ?zone"),
    ("demo", r"demo|real data|made up|made-up|fake|synthetic|invented"),
    ("metrics", r"metrics|figures|kpis|measures|indicators"),
    ("missing", r"missing|gaps|not loaded|absent|lacking|incomplete"),
    ("imported", r"reject\w*|skipped|imported|file|files|csv|upload\w*|broken|failed|invalid"),
)
_DIMENSIONS = (
    ("country", r"countr(?:y|ies)|markets|nations"),
    ("city", r"cit(?:y|ies)|towns"),
    ("channel", r"(?:sales |order )?channels?"),
    ("category", r"(?:product )?categor(?:y|ies)|departments"),
    ("campaign", r"campaign names|names of (?:the |our )?(?:campaigns|mailings)"),
    ("event_kind", r"(?:kinds|types|sorts) of events?|event (?:kinds|types)"),
)
_SITES = r"sites?|sources?|platforms?|networks?|channels?|portals?|where"
_NOBODY = r"(?:without|no|missing|lack\w*|unknown|anonymous|empty|blank|unidentified|not have) (?:a |an |any |known )*(?:customer|client|buyer)s?(?: ?(?:id|number|no))?"
_COUNTING = r"how many|number of|count|how large|how big|size|amount of"


def data(slots: Slots, _scene: Scene) -> Answerable:
    """What is asked of the data in particular; everything there is where nothing is."""
    if slots.filters or any(f["dimension"] != "known_customer" for f in slots.order_filters):
        return "I can tell that of the whole data only. Ask for a figure of that part, for example its orders or order lines."
    text = re.sub(rf"\b{_NOBODY}\b", " ", slots.plain)
    about = ["without_customer"] if text != slots.plain else []
    counting = bool(re.search(rf"\b(?:{_COUNTING})\b", text))
    if slots.periods and counting:
        return "I count what is loaded over all time. Ask for a figure of that time, for example its orders or order lines."
    tables = [] if about else [name for name, said in _TABLES if re.search(rf"\b(?:{said})\b", text)]
    dimensions = [name for name, said in _DIMENSIONS if re.search(rf"\b(?:{said})\b", text)]
    if re.search(rf"\b(?:{_SITES})\b", text) and not counting | bool(set(dimensions) - {"channel"}):
        of = {"mentions": "mention_source", "channel_spend": "spend_channel"}
        tables, found = [t for t in tables if t not in of], [of[t] for t in tables if t in of]
        dimensions = found or dimensions
    about += [name for name, said in _FACTS if re.search(rf"\b(?:{said})\b", text)]
    about += ["first_day", "last_day"] if slots.periods else []
    about += ["rows"] if counting and tables else []
    asked = {"about": list(dict.fromkeys(about)), "tables": tables, "dimensions": dimensions}
    return [Call("describe_data", {name: value for name, value in asked.items() if value})]


_HELD = r"(?:(?:order|sales|shop|customer|whole) )?(?:data(?:set|base)?|file|records|figures|history|books)"
_BACK = rf"(?: (?:do|does|did|is|are) (?:we have |you have )?(?:the |our |your )?{_HELD}(?: there)?(?: (?:go|goes|reach|reaches|start|starts|begin|begins)(?: back)?)?)"
_ENDS = (
    ("first_day", rf"\b(?:since when|from when(?: on)?|how far back|when){_BACK}(?= ?[?,.:]| and|$)"),
    ("last_day", rf"\b(?:up to|until|till) (?:when|(?:which|what) (?:day|date)){_BACK}\b"),
    (
        "first_day",
        r"\b(?:very )?(?:first|earliest|oldest)(?: and (?:the )?(?P<both>last|latest))? (?:day|date|1|order)\b(?: of)?",
    ),
    ("last_day", r"\b(?:very )?(?:last|latest|newest|most recent) (?:day|date|1)\b(?: of)?"),
)
_PEOPLE = rf"\bhow many (?:different |distinct )?customers (?:are |do we have |are there |have we got )?in (?:it|there|them|(?:the |our ){_HELD})(?!\w)"


def ends_of_data(slots: Slots, scene: Scene) -> list[Call] | None:
    """From which day to which there are data, and how many customers are in them; None for anything more than that."""
    if any(mark == "<period>" for mark, _ in slots.taken):  # "the last day" is asked for here, and no time
        slots = replace(
            slots, periods=[], when=Periods(), taken=[each for each in slots.taken if each[0] != "<period>"]
        )
    clause = whole_clause(slots, scene)
    if clause is None or clause.customer or clause.country or not clause.has(rf"\b{_HELD}\b"):
        return None
    about = []
    for name, pattern in _ENDS:
        while match := clause.take(pattern, " "):
            about += [name, *(["last_day"] if match.groupdict().get("both") else [])]
    people = bool(clause.take(_PEOPLE, " "))
    clause.drop(rf"\b(?:{_HELD}|days?|dates?)\b")
    if not about or not clause.is_explained():
        return None
    asked = Call("describe_data", {"about": list(dict.fromkeys(about)), "tables": ["orders"]})
    return [asked, *([Call("query_metrics", {"metrics": ["customers"]})] if people else [])]


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
        list of metrics and dimensions | which dimensions can I break figures down by |
        by what can I split the revenue |  wat data u got |
         any gaps in the data |
        in which currency are the amounts | what currency do you use | which time zone are the days in | data quality |
        is this real data or a demo | what can I find out here | what kind of things can I ask about our data |
        could you please describe what you have to work with | which countries occur in the data | what data is there |
        which categories are there in the data | data freshness | what dates does the data cover |
        which countries, channels and categories are there |
        which figures are available | which metrics exist here | what metrics can I query | list of available figures |
        what can I break revenue down by | how many rows have no customer id | number of lines without a known customer |
        how many records lack a customer number | how many customers are in the data | how many products are loaded |
        how many countries are in the data | number of channels in the data | how many categories do you know |
        which sales channels do you know | what countries do we have data for | which cities occur | list the channels |
        how many orders and lines are loaded | number of orders in the database | how many events are in the data |
        how many events have you got | how many mentions are loaded | count of the mentions in here | number of events |
        which sites do the reviews come from | where do the mentions come from | what sources of mentions are there |
        which advertising channels are loaded | which ad platforms do you have costs of | any ad costs in the data |
        is there spend data | do we have ad spend loaded | are there advertising costs in here | got any reviews in there |
        do you have web traffic data | is website tracking loaded | do we have campaign data | any marketing costs loaded |
        when was the first order | date of our first order | since when do we have sales | when did the data start |
        when was the most recent order | date of the last invoice | what is the newest order date | latest event date |
        how many rows were read from our files | how many rows were rejected | were any lines skipped in the import |
        how many lines did the file have | did the import fail for some rows | total rows read from the csv |
        how complete is the data | what kinds of events are there | names of the campaigns in the data |
        is the data for 2024 complete | first and last day of the mentions | which years do you cover | how old is the data
    """,
    data,
    timed=True,
    reads=ends_of_data,
    unless=r"\bzero price lines\b|\b(?:orders?|invoices?|baskets?) (?:that |which )?(?:had|have|has|with|of|hold|held|contain\w*) .*\b(?:lines?|products?|pieces|units)\b",
    near_misses="""
        data protection officer | delete all data | who can see my data | where is the data stored on disk |
        back up the database | restore yesterday's backup | how do I drop a table | data plan of my phone |
        write me an SQL query | show the raw SQL | how much disk space is left | export the whole database |
        is the data encrypted | GDPR data request of a customer | how do I upload a file bigger than 5 GB |
        dating tips |
        what's the time | what day is it today | tell me the date
    """,
)
