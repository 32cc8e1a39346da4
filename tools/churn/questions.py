"""How people ask who is likely to leave, how long customers stay, and where value is at risk."""

from __future__ import annotations

import re
from typing import Any

from language.filters import as_conditions
from language.followups import is_elliptic
from language.grammar import LIKELY
from language.requests import Answerable, Request
from language.rules import asked_rule, joined, previous_rule
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.asked import LIST, customers_by, horizon_of
from tools.audience.foresight import predicted_for

_AT_RISK = {"field": "rfm_segment", "operator": "eq", "value": "At Risk"}
_GROUPS = {"country": "country", "channel": "main_channel", "category": "favourite_category"}


_WORTH = r"\b(?:predicted value|lifetime value|12[- ]months? value|clv|ltv|worth)\b"


def named_or_likely(slots: Slots, horizon: int) -> dict[str, Any]:
    """The customers described, else those more likely than not to leave."""
    return slots.conditions.rule or {"field": f"churn_{horizon}", "operator": "ge", "value": LIKELY}


def who(slots: Slots, scene: Scene) -> list[Call]:
    """Who is likely to leave: the whole picture and the customers more likely than not to go."""
    if (predicted := predicted_for(slots, scene)) is not None:
        return predicted
    horizon = horizon_of(slots)
    fields = [str(node.get("field", "")) for node in slots.conditions.nodes]
    unlikely = any(node.get("operator") in ("lt", "le") for node in slots.conditions.nodes)
    if slots.filters or unlikely or not all(field.startswith("churn") for field in fields):
        likely = {"field": f"churn_{horizon}", "operator": "ge", "value": LIKELY}
        said = any(field.startswith("churn_") for field in fields)
        named = slots.conditions.rule
        if named == _AT_RISK and not slots.has(r"\bsegment\b"):
            named = None  # "our Dutch customers at risk": of leaving
        rule = named if said else joined(likely, named)
        return customers_by(joined(rule, *as_conditions(slots.filters)), slots)
    if slots.has(_WORTH) and slots.top:  # ranked by what they will be worth, among those
        return customers_by(joined(named_or_likely(slots, horizon), *as_conditions(slots.filters)), slots)
    order = "probability" if slots.has(r"\bmost likely\b|\bhighest (?:risk|probability|chance)") else "value_at_risk"
    level = re.search(r"\b(high|medium|low)[- ](?:churn[- ])?risk\b", slots.plain)
    chosen: dict[str, Any] = {"risk": level[1]} if level else {"min_probability": LIKELY}
    table = {"horizon_days": horizon, "order": order, "limit": slots.limit or LIST} | chosen
    return [Call("churn_table", table), Call("churn_summary", {"horizon_days": horizon})]


def overview(slots: Slots, scene: Scene) -> list[Call]:
    """The state of churn, its definition, its model."""
    if slots.customer and (predicted := predicted_for(slots, scene)) is not None:
        return predicted
    return [Call("churn_summary", {"horizon_days": horizon_of(slots)})]


def survival(slots: Slots, _scene: Scene) -> list[Call]:
    """Curves by segment, or by what is asked for."""
    by = next((_GROUPS[name] for name in slots.dimensions if name in _GROUPS), None)
    return [Call("survival_curves", {"by": by} if by else {})]


def at_risk(slots: Slots, _scene: Scene) -> list[Call]:
    """Which groups hold the value at risk; by RFM segment unless another cut is named."""
    groups = {"rfm_segment": "rfm_segment", **_GROUPS}
    named = [name for name in slots.dimensions if name != "country" or not slots.has(r"\bwhere\b")]
    by = next((groups[name] for name in named if name in groups), "rfm_segment")
    horizon = {"horizon_days": horizon_of(slots)} if slots.horizon else {}
    return [Call("at_risk_segments", {"by": by, "limit": slots.limit or LIST} | horizon)]


def churn_follow_up(slots: Slots, scene: Scene) -> Answerable | None:
    """Another horizon, more rows, or only some of those likely to leave."""
    # one question makes both calls: the list is what a follow-up continues
    table = next((c for c in scene.past[-2:] if c.tool == "churn_table"), None) or scene.last_of("churn_summary")
    if table is None or not is_elliptic(slots):
        return None
    if slots.filters or slots.conditions.rule:
        return _narrowed(slots, scene, table.arguments.get("horizon_days", 60))
    if not (slots.horizon or slots.limit):
        return None
    arguments, listed = dict(table.arguments), table.tool == "churn_table"
    if slots.horizon:
        arguments["horizon_days"] = horizon_of(slots)
    if slots.limit and listed:
        arguments["limit"] = slots.limit
    calls = [Call(table.tool, arguments)]
    if slots.horizon and listed:
        calls.insert(0, Call("churn_summary", {"horizon_days": arguments["horizon_days"]}))
    return calls


def _narrowed(slots: Slots, scene: Scene, horizon: int) -> list[Call]:
    nodes = slots.conditions.nodes
    if not slots.filters and len(nodes) == 1 and str(slots.conditions.rule).count("churn_risk") == 1:
        risk = {"horizon_days": horizon, "risk": nodes[0].get("value"), "limit": slots.limit or LIST}
        return [Call("churn_table", risk)]
    return customers_by(joined(previous_rule(scene), asked_rule(slots)), slots)


def why_churn(_slots: Slots, scene: Scene) -> list[Call]:
    """What drives the scores of those most likely to leave. Never a cause."""
    horizon = scene.past[-1].arguments.get("horizon_days", 60)
    likely = {"horizon_days": horizon, "min_probability": LIKELY, "order": "probability", "limit": 5}
    return [Call("churn_summary", {"horizon_days": horizon}), Call("churn_table", likely)]


def why_at_risk(_slots: Slots, scene: Scene) -> list[Call]:
    """The customers with the most value at risk, with what drives their scores."""
    horizon = scene.past[-1].arguments.get("horizon_days", 90)
    return [Call("churn_table", {"horizon_days": horizon, "order": "value_at_risk", "limit": 5})]


CHURN_MODEL = Request(
    "churn_model",
    """
        how good is the churn model | how accurate are the churn predictions | what does churn mean here |
        when does a customer count as left | which churn model won | can I trust the churn scores |
        definition of churn | how reliable are the churn scores | how do you know who is going to leave |
        quality of the churn prediction | was the churn model tested on later data | backtest of the churn model |
        concordance index of the churn model | calibration of the leaving probabilities | what do you mean by leaving |
        how often is the churn prediction right | when is somebody considered lost | which algorithm predicts churn |
        when do we say that a customer has churned | what counts as churn in a shop without contracts |
        after how many days without an order is a customer gone | how do you define an inactive or lost customer |
        what does at risk of leaving mean exactly | which candidates were compared for churn | churn model performance |
        cox or deephit, which one did you pick for churn | champion of the churn comparison | compare the churn models |
        why this churn model and not another | integrated brier score for churn | how was the churn model validated |
        does the churn model beat a simple rule | is the churn forecast any good | error of the churn prediction |
        can we rely on the leaving risk before we spend money on it | how exact are these probabilities of leaving |
        what is high risk, from which probability on | thresholds for high medium and low risk | how is churn defined |
        what definition of churn do you use | my boss doubts the churn numbers, how good are they |
        how much should I believe the churn list | please explain on what basis you say a customer will leave |
        when was the churn model last evaluated | is churn modl acurate | how does the prediction of leaving work |
        what makes a customer count as churned in your books | accuracy of the churn scores | what does churned mean |
        how good is the prediction of who leaves | how sure are you about who will leave |
        what is the definition of a lost customer | how trustworthy is the churn probability |
        which model is used for churn
    """,
    overview,
    near_misses="""
        how good is our hiring model | which business model do we use | accuracy of the weather forecast |
        fashion model of the catalogue | which ChatGPT model do you run on | upload my own model |
        tune the hyperparameters of the model | how accurate is the stock count |
        accuracy of our delivery estimates | employee attrition model | definition of a left join in SQL
    """,
)
CHURN_WHO = Request(
    "churn_who",
    """
        which five Dutch customers are most in danger and still valuable | the most valuable ones most likely to leave |
        who is likely to leave in the next 60 days and what are they worth | which customers will churn | churn list |
        who are we about to lose | high risk customers by value | customers at risk of leaving | who's likely to churn |
        which valuable customers might leave | whom are we losing | who is going to churn next month | likely leavers |
        top 10 customers at risk | who will leave us next | which clients are we about to lose | who's slipping away |
        people most likely to quit buying | list customers with high churn risk | show me high-risk customers |
        who is at high risk of leaving | customers with the highest probability of leaving | who is drifting off |
        top 25 customers at risk by value | which of our good customers are about to go | churn watchlist |
        who might walk away in the next month | who could we lose within 30 days | who is on the brink of leaving |
        whom will we lose over the coming 90 days | which accounts are likely to go quiet | list of leavers |
        which valuable buyers are slipping away from us | give me names of customers who will probably never come back |
        predicted churners | expected churners in the next 60 days | churn candidates | who are we in danger of losing |
        who should we worry about losing | which big spenders are in danger | which customers are going to stop buying |
        who is going to stop ordering soon | who will not buy again | who won't be back | customers on their way out |
        which shoppers are losing interest and might go | people who seem to be leaving us | medium risk customers |
        clients on the point of defecting | which punters are likely to wander off | customers of medium churn risk |
        who is thinking of leaving by the looks of it | low risk customers | rank customers by churn probability |
        customers by value at risk | which customers have the most value at risk | whose departure would cost us most |
        whose loss would hurt the most | the ten customers whose leaving would be most expensive | who's gonna leave |
        who are the riskiest customers | most endangered customers | show the customers in the red zone |
        who is close to lapsing | who is likely to lapse in 30 days | customers likely to leave in France |
        which German customers might churn | who in Spain is likely to go | champions who are likely to leave |
        loyal customers at risk of churning | which of the vips will leave | can you tell me who's gonna churn |
        could you please list the customers who are most likely to leave in the next 90 days | who will churn and why |
        I need the customers at risk for the call centre, with their value | any idea who is likely to leave us |
        give me the people we will lose unless we act | which customers will leave and what are the reasons |
        who is likely to leave and how much are they worth | who wll leave in next 60 dys | custmers likly to churn |
        high risk custmers | wich client will go away | what customers are in risk to leave us |
        please to say which clients we are going to lose | which customers do you predict to churn | who needs saving |
        who does the model think will leave | show churn predictions per customer | churn probability of each customer |
        leaving probability by customer, highest first | attrition list of customers | accounts at risk of attrition |
        at-risk accounts for the retention team | which accounts may not renew their orders | who are the flight risks |
        which subscribers of our shop are likely to drop off | the 50 most likely to go, sorted by probability |
        name the 5 customers we are most likely to lose | before the holidays, which customers might we lose |
        I want to save customers before they go, who are they | who to call before they leave |
        which regulars might be gone soon | okay which people are probably going to leave in the next two months |
        which customers look shaky | which of our top customers are wobbling | who are we going to lose |
        who will churn in the next 30 days | which customers are leaving | people likely to leave in Italy |
        customers likely to churn with their value | customers with a high probability of leaving |
        show the customers who will churn | list of customers who will leave | churn risk list of customers
    """,
    who,
    near_misses="""
        which employees are likely to quit | staff at risk of leaving | who resigned last month | leave balance |
        who is on leave this week | which suppliers might we lose | who left the meeting | which trains leave at noon |
        players leaving the club this summer | who unfollowed us on Instagram | credit risk of our customers |
        fraud risk customers | which orders are at risk of arriving late | risk of burglary in the store |
        who lost the parcel | which of our competitors will go bankrupt
    """,
)
CHURN_OVERVIEW = Request(
    "churn_overview",
    """
        how many customers will leave | what is our churn | churn rate | how big is the churn risk | value at risk |
        how much revenue is at risk | how many customers have we lost | churn summary | how bad is our churn |
        how many customers are at high risk | number of customers likely to leave within 30 days | churn situation |
        how much money are we going to lose | what's the churn at the moment | churn overview please | overall churn |
        our churn rate over the next 60 days | what percentage of customers will we lose | expected number of leavers |
        how many customers do you expect to lose in the next 90 days | how many are likely to churn in 30 days |
        how many high risk customers are there | how much value is at risk | total value at risk | attrition rate |
        how much turnover could we lose through churn | what does churn cost us | how many customers are gone already |
        how much money is at stake if they leave | how many customers have churned so far | is churn a problem for us |
        how many are still active and how many have left | share of customers who have left | are we losing customers |
        customer attrition in numbers | are we losing a lot of customers | how big a problem is churn | chrun rate |
        do many customers leave us | average probability of leaving | how many people are in each risk level |
        breakdown into high, medium and low risk | number of customers at risk | could you summarise how churn looks |
        give me the churn numbers for the board | I need our churn rate for the investors | churn in general |
        what drives churn in our shop | why do customers leave us | main reasons for leaving | wat is the churn now |
        how is our customer loss | how many clients are we losing in the coming month | reasons why customers leave |
        what is the risk in money terms that customers leave | how many customers are likely to leave | churn figures |
        how many customers will churn in the next 30 days | how many people are about to leave | churn in percent |
        total number of churned customers | state of churn | overall churn risk
    """,
    overview,
    near_misses="""
        employee turnover rate | staff attrition | how many people left the company | annual leave left |
        churn rate of Netflix | subscription cancellations in the app store | value at risk of our stock portfolio |
        how much money did we lose on returns shipping | how many parcels were lost | bad debt losses |
        how many followers did we lose | why did the manager leave | loss on currency exchange
    """,
)
SURVIVAL = Request(
    "survival",
    """
        show the survival curves | survival curve by segment | how long do customers stay | survival curve |
        how long do customers stay by country | customer survival | draw the survival curves for me |
        plot how long customers stay | Kaplan Meier curve of our customers | lifespan of a customer |
        average customer lifetime in days | how long does a customer last | how long do people stick with us |
        how long do shoppers remain loyal to us | how long do buyers keep buying | customer lifetime by channel |
        how long before customers drift away | how long do people stay by sales channel | survival by country |
        how long do customers stay in each segment | survival by favourite category | which groups stay the longest |
        who stays longest, web or store buyers | share of customers still there after 90 days | expected time to churn |
        what share will still be customers in half a year | probability of still being a customer over time |
        how many of them will be still with us in 180 days, as a curve | how quickly do customers drop off |
        how fast do we lose people over time | retention curve into the future by segment | stay duration of customers |
        half of the customers are gone after how many days | median time until a customer leaves | customer longevity |
        time until churn by segment | how durable are our customer relations | how long we keep a customer normally |
        tell me how long clients stay on average | how long customers stay by contry | survival by channel |
        decay of the customer base over time | do champions stay longer than promising customers | survival by segment |
        could you show for every segment how long its customers are expected to stay | survival curve by country |
        how many days until the typical customer is gone | show customer survival by category |
        how long do our customers stay with us | average time until customers leave | survival of customers by segment |
        how many months does a customer stay |
        when do people usually drop off | after how long do customers typically stop buying
    """,
    survival,
    near_misses="""
        how long does delivery take | how long do visitors stay on the page | average session duration |
        how long do employees stay with us | survival guide for managers | how long does the battery last |
        shelf life of our products | how long is the warranty | how long have I been logged in |
        how long does the import take | life expectancy in Germany | hotel stays of our customers
    """,
)
AT_RISK = Request(
    "at_risk",
    """
        where is value at risk | which segments hold the most value at risk | value at risk by country |
        which countries are at risk | value at risk by segment | churn risk by segment | at risk segments |
        which groups are we losing | how did value at risk develop by segment | which segments are most at risk |
        where is the churn risk highest | where are we losing the most value | value at risk per channel |
        in which country do we risk losing the most revenue | value at risk by favourite category | risk per segment |
        churn by segment | churn by country | churn rate per channel | which segment has the highest churn |
        which customer group has the worst churn | which category of customers is leaving most | endangered segments |
        which groups are in danger | which markets are in danger | groups with the most money at risk |
        rank the segments by value at risk | top 5 segments by money at stake | where would churn hurt us most |
        compare the churn risk of the segments | compare churn between countries | split the value at risk by segment |
        is churn worse in Germany or in France | which sales channel loses most customers | wich segmnts at risk |
        web or store, where do more people leave | how is the value at risk spread over the segments |
        how is risk distributed among the groups | break churn down by country | trend of the value at risk by group |
        is the value at risk rising in any segment | in what segment is the most to lose | risk of leaving by country |
        segments at risk within 30 days | which groups will we lose customers from in the next 90 days |
        I have budget for one retention push, which segment is most at risk | from which segment do people leave most |
        could you show me the at risk groups by country | where do clients run away the most | where is churn worst |
        value in danger per customer group | which segments have the most churn | where do we lose the most customers |
        which countries have the most value at risk | which customer group are we losing fastest |
        churn risk per country | compare value at risk by segment
    """,
    at_risk,
    near_misses="""
        countries with high political risk | which regions are at risk of flooding | risk groups for covid |
        where do we lose parcels | where are employees leaving most | risk assessment for the audit |
        which departments are losing staff | where did I lose my keys | which suppliers are at risk |
        products at risk of running out | security risks of the server | currency risk by country |
        insurance risk classes
    """,
)
