"""How people ask for figures, why they moved, for a report and for the headlines."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from tools.metrics.comparison import last_whole_month, over_periods
from tools.metrics.figures import figures

_WHILE = 28  # days a report is of, where none are said
_OVERVIEW = ["revenue", "orders", "customers", "average_order_value"]


def report(slots: Slots, scene: Scene) -> Answerable:
    """How the shop does; against another time, or with the question why, the figures of both."""
    if slots.measures.explain or slots.measures.change or slots.when.against:
        return over_periods(slots, scene, {"metrics": slots.metrics or _OVERVIEW})
    asked = slots.periods[0].arguments() if slots.periods else {}
    if "start" in asked:
        return [Call("period_report", {"end": scene.today.isoformat()} | asked)]
    if asked:
        return "A report of which days? Say the first and the last one."
    if slots.has(r"\bmonth(?:ly)?\b"):
        month, _before = last_whole_month(scene)
        return [Call("period_report", month.arguments())]
    return [Call("period_report", {} if slots.has(r"\bweek(?:ly|s)?\b") else {"days": _WHILE})]


def why_it_moved(slots: Slots, scene: Scene) -> Answerable:
    """A figure's change taken apart."""
    slots.measures.explain = True
    return figures(slots, scene)


def headlines(slots: Slots, _scene: Scene) -> list[Call]:
    """The last four weeks, or the last week."""
    return [Call("headlines", {"days": 7} if slots.has(r"\b(?:this|last|past) week\b|\bweekly\b") else {})]


FIGURES = Request(
    "metrics",
    """
        what was our revenue in November 2011 | compare October and November 2011 | how many customers do we have |
        how many customers | how many customers are there | how large is our customer base | total sales year to date |
        best countries outside the UK | revenue by month | top 5 products | orders per week since March |
        average order value in Germany | compare Germany and France | how did sales develop | our open rate |
        repeat purchase rate | which month was best | how much did we refund last quarter | worst selling products |
        revenue in 2031 | which country buys most | new customers by month | where do our customers come from |
        spend by ad channel | roas | how much did we sell last month | bestsellers | which weekday is strongest |
        how many orders were cancelled | is revenue growing | share of repeat customers | whats the revenue for france |
        how much did we take yesterday | what did we turn over in Q2 2024 | revenue last week vs the week before |
        could you please tell me what our net sales were in the first half of 2023 | median order value |
        how much money came in this month so far | gross sales before refunds for March | sales in Berlin last summer |
        need revenue figures for fiscal 2024 by quarter asap | aov by country |
        I want to see sales per day for the last fortnight |
        mean order value 2023 vs 2024 | how many orders did we get on Black Friday | order count per weekday |
        number of invoices issued in December | how many units of the ceramic mug did we sell this year |
        which products sell best in Spain | what are our slow movers | worst five categories by sales |
        top 20 SKUs by units for Q4 | best selling item in Lisbon | which category makes the most money |
        rank the cities by revenue | where do we sell the most | split revenue by sales channel | customers by country |
        web versus in-store turnover | what share of revenue comes from Germany | cumulative revenue since January |
        what percentage of orders comes in through the app | running total of orders this year | turnover per customer |
        average revenue per day in October | year on year growth of sales | month over month change in orders |
        growth rate of revenue in Italy | are we selling more than last year | revenue by rfm segment |
        compare this quarter with the same quarter last year |
        average spend per client last year | open rate by campaign |
        orders per customer in the Netherlands | how many shoppers purchased in August 2023 | cancellations per month |
        active customers per month | number of customers in Portugal | how many clients have we got in total |
        revenue trend by month | how did orders trend by quarter |
        how many new customers did we win in April | new buyers per week since the summer | discounts given by channel |
        first time customers vs returning customers by month | proportion of buyers who buy again | ctr by campaign |
        refunds as a percentage of sales | which product gets returned the most | click rate of the spring newsletter |
        how much did we give back to customers in 2024 | how much discount did we hand out in July | cpc on facebook |
        how many emails did we send last month | email bounce rate over time | unsubscribe rate per campaign |
        which campaign had the best open rate | website visits per day | how much traffic did the site get on Sunday |
        page views last week | how many baskets were filled on Monday | how much did we spend on ads in March |
        media spend per platform | cost per acquisition by marketing channel | ad impressions last month |
        which ad channel has the best return on ad spend | clicks and conversions from Google Ads in 2023 |
        how many times was our brand mentioned last week | average rating on Trustpilot | star rating by review site |
        busiest hour of the day | on what day of the week do we sell the most | at what time do people order |
        our best day ever | slowest month last year | revnue by contry last yr | how mny orders in jan |
        net turnover FY2023 | turnover net of credit notes by month | total invoiced amount in the first quarter |
        credit notes issued in 2024 by value | please to show me the sales of each country | items per order |
        how much is the revenue of the month of May | what has been the number of orders in the year 2022 |
        okay so what was the revenue for last month and the month before that | how is the email open rate trending |
        give me orders, revenue and basket size for last month side by side | did we sell more candles or vases |
        is our average order value going up or down | which countries are growing fastest | compare Spain with Italy |
        any idea how much the Paris store made over the holidays | how much income did we have from Scotland |
        for the investor deck I need sales per quarter since 2021 | sales figures for the tea towel set please |
        show me a chart of weekly orders | revenue from Germany as a share of the total | sales of the teapot |
        which country has the highest sales | new customers per quarter | how many sessions did we have |
        roas by channel | discounts per month | revenue by city | refund rate by product category | ctr per campaign |
        top products last month | best products by revenue | least sold articles | product ranking by units |
        which products sold most in spring | countries ranked by orders | which country brings the most revenue |
        what product drives most of our sales | which channel generates the most orders |
        which products earn us the most | average time between orders | how long between orders on average |
        which country contributes the most to revenue | which products are bought by the most customers |
        which category attracts the most buyers |
        how many customers did we have in 2023 | how many customers in total | total number of customers |
        revenue per product category |
        what did they buy | which products did those customers buy | what else did they buy | sales to the vips |
        revenue of customers who bought candles | what do our champions buy | their revenue by month |
        average order value of one-time buyers | how much of the May revenue came from customers won last year |
        what share of sales do loyal customers bring | orders of customers acquired in 2022, by quarter |
        favourite categories of the people who spent over 500 | what have the hibernating ones bought most |
        average spending of a customer | what does a shopper spend with us on average | mean spend per buyer |
        what did client 4711 buy for in May | spend of customer 12345 in 2023 | orders from 15311 in June 2011 |
        how many orders did customer no. 200 place last year | orders above 250 | orders under 20 euros in March |
        number of orders over 1000 | revenue excluding returns | sales without credit notes | AOV of the champions |
        average basket of loyal customers | revenue of the lost customers | invoices of customer 300 in 2024 |
        how many of the glass jars left the shop in March |
        what did 20417 spend with us | how much has K311 bought from us this year |
        what came in from 30882 last quarter | turnover of 71053B in 2023 | units of 48213 sold in June |
        orders from 15562 | how many 22906 did we ship | sold 61004 and 61005, pieces |
        orders between 8 and 10 in the morning | takings from 5 pm to 7 pm in May | sales after 9 at night |
        at lunchtime | how many orders came in before noon, all data | revenue on the second Thursday of April 2024 |
        net for cw 14 | first full week of June, Monday to Sunday, how many orders |
        what was sold on 5/6/2023, day first | q2-24 net |
        revenue from the 3rd to the 17th of last month, both days included | takings in the first half of September |
        in how many countries did we sell | how many different products were sold | number of different skus in May |
        how many cities do we sell to | through how many channels did orders come | how many different candles sold |
        revenue without vouchers | sales, shipping not counted | all countries but Norway |
        everything except gift cards | total excluding the Netherlands and Belgium | guest orders last month |
        what did guests spend | how many buyers in December | headcount of buyers in spring |
        how many people ordered in May and June of 2023 | orders in March and April of 2022 and 2023 |
        first ten days of December 2022 vs 2023 | biggest order of June |
        our year ends in March: turnover of the last financial year | second quarter of our fiscal year, net |
        how many tea towels in October | how many vouchers were sold in 2023 | how much did France order last year |
        what did social cost us last month | cost of video ads in Q1 | mails sent in the last quarter |
        money back in May | how many e-mails went out in June | value of credit notes in April |
        how many parcels of mugs left the warehouse |
        what is bought together with the teapot | busiest day of October |
        which products go well with the ceramic mug | how often were candles and vases in the same basket |
        what else is in the orders with the blue vase | which mug sells best | most popular candle this year |
        second best month of 2024 | third largest country by orders | our runner-up category by sales |
        worst Sunday in May | which Monday brought the most orders | quietest day of the week |
        the 3 best days of last month |
        weeks of 2023 ranked by turnover, best first | best product in each category | top city of every country |
        most returned product by pieces | what came back most often | which articles were never returned |
        how many pieces of the teapot came back | cancelled value by product | countries with more than 100 orders |
        categories that made over 10k | hour with the highest basket, at least 50 orders | cheapest tea we sell |
        most expensive item | how many countries did we sell to | number of different products sold last year |
        which month of 2023 was weakest, December left out | best quarter so far | slowest week of the year |
        which source writes about us most | most reviews by site | fastest growing country |
        which category fell the most | in how many orders was the green lamp |
        who are our five biggest clients by turnover in March |
        best and worst month of 2024 | rank channels by average order value | bottom 3 countries by units |
        how often are mugs and plates bought together | in how many orders are both the lamp and the shade |
        how many times did biscuits and jam end up in one order | what do people buy along with the teapot |
        which two products: how often in the same cart | how frequently do candles go with matches
    """,
    figures,
    needs=(
        "<their-goods>|<metric>|<dimension>|<grain>|<top>|<compare>|<earlier>|<change>|<share>|<per>|<over>|<why>|<together>|<having>",
    ),
    near_misses="""
        average delivery time |
        expected turnover next year | what is our profit margin | gross profit by product | what is our market share |
        cost of goods sold last quarter | how much stock do we have left | which items are out of stock |
        how do our sales compare with competitors | how many parcels arrived late | sales by salesperson |
        orders by payment method | customers by age group | gender split of buyers | how much VAT do we owe for March |
        unpaid invoices by due date | what happens to sales if we double the Facebook budget
    """,
)
CHANGE = Request(
    "change_explained",
    """
        why did revenue fall in February | why was March so weak | explain the drop in turnover last month |
        why are orders down | what drove the growth in the third quarter | what is behind the surge in September |
        reasons for the slump in May | how come we sold less in June than in July |
        why is this month worse than the last | what caused the dip in week 12 |
        where does the increase from Q1 to Q2 come from | break the change in revenue down |
        decompose the revenue drop | which countries drove the decline last quarter |
        which products pulled sales up in December | why did sales jump in autumn |
        what explains the difference between 2021 and 2022 | what made turnover go up last year |
        why r sales down this wk | why has France shrunk | why did coffee do so well in spring |
        drivers of the change in orders | who drove the growth | what contributed most to the fall in revenue |
        could you explain why we earned less last week than the week before |
        please explain the spike on Black Friday | sales crashed in January, any idea why |
        y did revnue drop last month | what happened with our revenue in April, it was so low |
        what went wrong in August | why was last year so good |
        I do not understand why our turnover is lower than last year |
        revenue down 20 percent, where does it come from | root cause of the revenue decline |
        what pushed up refunds in the second half | why did the web channel lose sales | why are visits up |
        the reason of the decrease of the orders in the month of May | explain the variance to last year |
        was it fewer orders or smaller baskets that made revenue fall | why did our basket size go down |
        what moved revenue | the boss asks why Q2 was below Q1 | why is the open rate falling |
        why did ad spend rise last month | explain this dip | why does it go down | what is responsible for the rise |
        what hurt us in November | take the growth of 2022 apart |
        how come sales dropped in February | why did revenue fall so much after Christmas |
        what drove the increase in turnover between Q1 and Q2 | break the revenue drop of May down by country
    """,
    why_it_moved,
    needs=("<why>|<change>",),
    timed=True,
    near_misses="""
        why should I trust the prediction | why did the import fail | why is my job still running |
        why are customers unhappy with us | explain this proposal | why do people hate our ads | why is the sky blue |
        what will drive growth next year | why did our profit margin drop | why did the competitor grow |
        who changed the price
    """,
)
REPORT = Request(
    "report",
    """
        give me a report | weekly report | overview of the business | how are we doing | summarise the situation |
        how is business | give me a summary of last month | what is going on | bring me up to speed | catch me up |
        how is everything going | how are things going with the shop | give me the big picture | recap of the week |
        executive summary please | monthly business review | write up a short status report on the business |
        overall how did 2023 go | summary of the last quarter for the board | what happened last month in the shop |
        what happened in March 2024 | what happened in September | what happened last year | what went on in May |
        how did we do in November | tell me how the business is doing, customers and churn included | how's trade |
        state of the business | a full overview with sales, churn, value and segments | prepare a management report |
        can you sum up where we stand | I was on holiday, what did I miss in the shop | are we doing ok |
        give me the lowdown on the business | is the company doing well | overall performance of the shop |
        I need a general overview for tomorrow's meeting | quick rundown of everything | business health check |
        year in review | how has the year been for us so far | what's our situation at the moment | month end report |
        generate the report for June | pls make report of company | quarterly review please | how r we doing |
        I am new here, give me an overview of the business | whats the story with the shop lately | monthly report |
        how did the shop perform over the summer | general picture of how we are performing | business overview |
        could you put together a summary I can forward to my boss | give me a business report | report for last month |
        overview of last week | how is the shop doing | how are sales and customers overall | full report please |
        summary of the business this year | what has been going on in the business | management summary
    """,
    report,
    timed=True,
    agent="reporting",
    unless=r"\b(?:incidents?|data cent(?:re|er)s?)\b",
    near_misses="""
        report a bug | expense report for March | send me a report by e-mail every Monday | tax return summary |
        summarise this article | turn this into a PowerPoint presentation | annual report of Amazon | weather report |
        balance sheet at year end | profit and loss statement | overview of our competitors | staff performance review |
        what happened in the news today | incident report of the data centre | how are you feeling today |
        report this review as spam |
        good night | good evening everyone | have a nice day | sleep well
    """,
)
HEADLINES = Request(
    "headlines",
    """
        headline figures | show the dashboard | key figures | our KPIs | headline numbers | our key numbers | kpis plz |
        topline metrics please | main KPIs this week | weekly kpis | dashboard | KPI dashboard | open the dashboard |
        take me to the dashboard | the numbers at a glance | at a glance view of the main metrics | key metrics |
        core metrics | most important figures | the main figures | what are the key figures this week | kpi snapshot |
        show me the key numbers of the past four weeks | snapshot of the main metrics | quick stats | just the numbers |
        vital signs of the shop in numbers | quick look at the numbers | the numbers please | show me the numbers |
        what do the numbers look like | how do the numbers look this week | this week versus last week at a glance |
        how do our key numbers compare with the weeks before | last four weeks against the four before, main figures |
        last 28 days vs previous 28 days, key metrics | week on week kpis | scorecard | weekly scorecard | key stats |
        performance scorecard please | management cockpit | metrics board | morning numbers | today's key numbers |
        my morning numbers please | pull up the kpis | bring up the dashboard | can I see the dashboard | kpis this wk |
        could you please show me the most important key figures | I want to see our headline figures | headline stats |
        headlines for the week | give me the headlines | what are the headlines | headline metrics of the last week |
        main stats for the past week | which way are the key figures moving | are the main kpis up or down | dashbord |
        are our key figures better than a month ago | key performance indicators | show dashbaord | essential metrics |
        show key performance indicators of the last weeks | key figurs of the shop | the essentials in numbers |
        business metrics at a glance | the handful of numbers I should look at | numbers I check every morning |
        what do I put on the weekly KPI slide | for the standup I need the key numbers | what are our main indicators |
        need kpis asap for the Monday call | please to show the principal figures | principal indicators of the shop |
        performance at a glance | the usual figures | the usual weekly numbers | top level stats | high-level numbers |
        high level metrics for the team | how are the KPIs | how are our kpis doing this week | the dashboard please |
        kpis compared to the weeks before | top figures with their weekly trend | trend of the key figures | kpi board |
        sparklines of the main metrics | okay show me the kpi dashboard for this week | cockpit with the key figures |
        any chance of the key figures before my ten o'clock | which headline figures changed most
    """,
    headlines,
    timed=True,
    near_misses="""
        news headlines of today | write a headline for the ad | headline for the landing page | employee kpis |
        suggest a catchy headline | kpis of the support team | scorecard of the sales reps |
        are we hitting our targets | change the layout of the dashboard | add a widget to the dashboard |
        build a Tableau dashboard | share the dashboard with my boss | industry benchmark kpis | okrs for next quarter |
        server status dashboard
    """,
)
