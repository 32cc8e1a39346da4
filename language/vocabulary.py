"""The words of the field, as data: what people call metrics, dimensions, customer fields and segments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from language.places import place_words

__all__ = ["DIMENSIONS", "FIELDS", "METRICS", "SEGMENTS", "known_words", "phrases"]

# Longer phrases win over shorter ones, so "average order value" is never read as "orders".
METRICS: Final[Mapping[str, tuple[str, ...]]] = {
    "median_order_value": ("median order value", "median order", "median basket", "median aov", "median basket value",
        "median of order values", "median invoice", "median order size"),
    "largest_order": ("maximum order value", "largest order", "biggest order", "highest order value",
        "largest single order", "biggest basket", "largest invoice", "biggest invoice", "highest invoice",
        "highest order", "greatest order", "largest purchase", "biggest purchase",
        "biggest single order"),
    "smallest_order": ("smallest order", "lowest order value", "smallest single order", "smallest basket",
        "smallest invoice", "lowest invoice", "minimum order value", "lowest order", "smallest purchase"),
    "average_refund": ("average refund", "average credit note", "average return", "average cancellation",
        "mean refund", "mean credit note", "mean return", "mean cancellation", "typical refund",
        "typical credit note", "typical return", "typical cancellation", "avg refund", "avg credit note",
        "avg return", "avg cancellation", "average refund value", "average refund amount", "average refund size",
        "average credit note value", "average credit note amount", "average credit note size",
        "average size of a refund", "average amount of a refund", "average value of a refund",
        "average value of a credit note", "average amount of a credit note"),
    "largest_refund": ("largest refund", "largest credit note", "largest return", "largest cancellation",
        "biggest refund", "biggest credit note", "biggest return", "biggest cancellation", "highest refund",
        "highest credit note", "highest return", "highest cancellation", "largest single refund",
        "biggest single refund", "largest single credit note", "biggest single credit note", "maximum refund"),
    "countries_served": ("countries served",),
    "cities_served": ("cities served", "towns served"),
    "channels_used": ("channels served",),
    "categories_sold": ("categories served",),
    "ordering_customers": ("number of buyers", "buyer count", "purchasers", "customers served"),
    "multi_product_orders": ("orders had more than 1 product", "orders with more than 1 product",
        "orders had several products", "orders with several products", "orders with more than 1 item",
        "orders had more than 1 item", "multi-item orders", "multi-product orders", "orders with at least 2 products",
        "orders with 2 or more products", "orders contained more than 1 product", "orders have more than 1 product",
        "orders hold more than 1 product"),
    "lines_per_order": ("lines per order", "lines an order", "number of lines on an invoice", "lines on an invoice",
        "lines per invoice", "order lines per order", "positions per order", "lines on an order"),
    "products_per_order": ("different products per order", "products per order", "articles per order",
        "distinct products per order", "different items per order", "skus per order"),
    "average_unit_price": ("average price of an item", "average item price", "average price of a piece",
        "average price per article", "average selling price", "average price per piece", "average price per unit",
        "price per piece", "average unit price", "average price per item", "price per unit", "price per item",
        "average price", "mean price",
        "average price paid",
        "mean selling price"),
    "skus_sold": ("product codes sold", "different skus", "different product codes", "different stock codes"),
    "products_sold": ("different products", "different articles", "different items", "distinct products",
        "number of different products"),
    "days_to_second_order": ("days to second order", "time to second order", "time to the second order",
        "days to the second order", "days until the second order", "time until the second order",
        "between first and second order", "between the first and the second order", "between first and second purchase",
        "between the first and second order", "time from first to second order", "from first to second order",
        "from first to second purchase", "from the first to the second order", "from the first to the second purchase",
        "to the second purchase", "until the second purchase", "to second purchase", "until second purchase"),
    "days_between_orders": ("time between orders", "days between orders", "days between 2 orders",
        "time between 2 orders", "time between orders per customer", "days between orders per customer",
        "time between purchases", "days between purchases", "interval between orders", "wait between orders",
        "between 2 orders", "between orders", "between purchases", "between 2 purchases", "gap between orders",
        "purchase interval", "reorder interval"),
    "discounted_orders": ("orders with a discount", "discounted orders", "orders with discount",
        "orders had a discount",
        "orders have a discount", "orders with discounts", "orders that had a discount", "orders used a discount",
        "orders got a discount", "orders came with a discount"),
    "sms_click_rate": ("sms click rate", "click rate of sms", "text click rate"),
    "sms_clicks": ("sms clicks",),
    "email_clicks": ("email clicks", "clicks in emails"),
    "checkouts": ("checkouts",),
    "units_per_order": ("number of pieces in an order", "pieces in an order", "items in an order", "units per order",
        "items per order", "pieces per order", "items an order", "units per basket", "items per basket",
        "basket size in items", "units an order"),
    "refund_rate": ("refund rate", "return rate", "refund ratio", "returns rate", "rate of returns", "refunds rate"),
    "returning_customers": ("returning customers", "existing customers", "old customers"),
    "anonymous_orders": ("anonymous orders", "guest orders", "orders without a customer"),
    "unsubscribes": ("unsubscribes", "opt-outs", "unsubscriptions", "people unsubscribed", "number of unsubscribes"),
    "revenue": ("revenue", "revenues", "net turnover", "net revenue", "came in", "comes in", "come in", "take in",
        "took in", "leave with us", "leaves with us", "net", "turn over", "turned over", "net sales", "sales",
        "turnover", "takings", "income", "money did we make", "money we made", "did we make", "did we earn",
        "we earned", "we made", "did we take", "did we sell for", "did we sell", "we sold", "have we sold",
        "sales figures", "sell most", "sells best", "business", "proceeds", "sales revenue", "sales value",
        "sales turnover", "turnover figures", "revenue figures", "billings", "billed", "invoiced", "invoiced amount",
        "income from sales", "top line", "topline", "brought in", "bring in", "rang up", "ring up", "rung up",
        "rake in", "raked in", "pulled in", "net of refunds", "net of returns", "net of credit notes", "after refunds",
        "after returns", "minus refunds", "minus returns", "less refunds", "less returns", "net of cancellations"),
    "gross_sales": ("gross sales", "gross revenue", "sales before refunds", "gross", "gmv", "gross turnover",
        "gross merchandise value", "before refunds", "before returns", "before cancellations", "before credit notes",
        "before deducting refunds", "before deducting returns"),
    "refunds": ("money went back to customers", "money went back", "paid back to customers", "paid back", "refunds",
        "refunded", "money back", "give back", "gave back", "returns", "refund amount", "refund", "refund value",
        "refunded amount", "value of credit notes", "credit notes by value", "amount of credit notes",
        "money refunded", "reimbursed", "reimbursements"),
    "revenue_before_tax": ("revenue before tax", "revenue before taxes", "revenue without tax",
        "revenue excluding tax", "revenue net of tax", "sales before tax", "turnover before tax",
        "revenue without vat", "revenue excluding vat", "revenue ex vat", "revenue before vat", "pre-tax revenue"),
    "tax": ("tax", "taxes", "vat", "sales tax", "tax charged", "taxes charged", "vat charged", "vat collected",
        "tax collected", "sales tax charged"),
    "shipping_charged": ("shipping charged", "shipping fees", "shipping revenue", "shipping costs charged",
        "shipping collected",
        "shipping billed", "shipping income",
        "freight billed", "freight charged", "carriage charged", "delivery fees charged"),
    "charged": ("charged amounts", "amounts charged"),
    "charged_orders": ("orders charged",),
    "discount_rate": ("discount rate", "average discount rate", "mean discount rate", "rate of discount"),
    "discounts": ("discounts", "discounts given", "discount amount"),
    "refund_orders": ("refund orders", "cancellations", "cancelled orders", "number of refunds", "cancelled invoices",
        "cancelled", "cancellation", "canceled orders", "cancelled order", "credit notes", "credit note",
        "returned orders", "refunded orders", "orders cancelled"),
    "orders": ("orders", "order count", "number of orders", "invoices", "purchases", "transactions", "order",
        "invoice", "transaction", "sales orders", "order volume", "orders placed", "number of invoices",
        "number of transactions", "bookings"),
    "units_returned": ("units returned", "returned units", "pieces returned", "returned pieces", "items returned",
        "returned items", "units sent back", "pieces sent back", "items sent back", "returned quantity",
        "pieces came back", "units came back", "items came back", "pieces come back", "pieces that came back",
        "units that came back", "quantity returned", "pieces refunded", "units refunded", "refunded pieces",
        "refunded units"),
    "units": ("units", "units sold", "items sold", "items", "pieces", "quantity", "quantities", "unit", "piece", "pcs",
        "qty", "unit sales", "units moved", "items ordered", "number of items", "number of pieces", "number of units",
        "copies", "copies sold", "pairs sold"),
    "average_order_value": ("average basket size", "average ticket", "average invoice", "average order value", "aov",
        "average basket", "basket size", "basket value", "average order", "mean order value", "order size",
        "average order size", "average cart value", "basket", "average order amount", "average spend per order",
        "spend per order", "value per order", "average transaction value", "average transaction",
        "average purchase value", "average bill", "average receipt", "ticket size", "average invoice value",
        "mean invoice", "mean basket", "mean order", "average sale", "order value", "order values"),
    "free_lines": ("zero price lines", "lines with a zero price"),
    "lines": ("order lines", "invoice lines", "lines", "line items"),
    "customers": ("customers", "customer", "buyers", "shoppers", "clients", "active customers", "number of customers",
        "people", "customer base", "customer count", "buyer", "client", "shopper", "purchasers", "consumers", "folks",
        "persons"),
    "new_customers": ("newcomers", "newly won customers", "first-timers", "signups", "new customers", "new buyers",
        "customers acquired", "acquired", "customers won",
        "won customers", "customers gained", "customers we won", "customers did we win", "new customers did we win",
        "new customers have we won", "new customers did we get", "new customers did we gain", "first-time customers",
        "first time customers", "new clients", "first-time buyers", "first time buyers", "first-time clients",
        "first-time shoppers", "new shoppers", "newly acquired customers", "customer acquisitions", "newbies",
        "freshly won customers"),
    "revenue_per_customer": ("revenue per customer", "sales per customer", "spend per customer", "average spend",
        "revenue by customer on average", "average revenue per customer", "arpu", "arpc", "revenue per buyer",
        "revenue per client", "revenue per shopper", "revenue per head", "spend per head", "spend per client",
        "spend per buyer", "sales per client", "sales per buyer", "turnover per customer", "turnover per client"),
    "orders_per_customer": ("orders per customer", "purchase frequency", "order frequency", "purchases per customer",
        "orders per buyer", "orders per client", "orders per head", "invoices per customer"),
    "one_time_customers": ("onetime customers", "onetime buyers", "onetime shoppers", "single-purchase customers"),
    "repeat_customers": ("repeat customers", "repeat buyers", "regulars", "repeat clients", "repeat shoppers"),
    "repeat_rate": ("repeat rate", "buy again", "bought again", "repeat purchase rate", "repurchase rate",
        "rate of repeat customers", "share of repeat customers", "percentage of repeat customers",
        "proportion of repeat customers", "rebuy rate", "reorder rate", "repeat buying rate"),
    "email_opens": ("email opens", "opens", "how many opens", "number of email opens", "number of opens",
        "emails opened", "emails were opened", "mails opened", "opened emails", "times were emails opened"),
    "email_bounces": ("how many bounces", "number of bounces", "bounced emails", "emails bounced"),
    "sms_sent": ("sms sent", "texts sent", "text messages sent", "sms did we send", "sms have we sent"),
    "emails_sent": ("emails sent", "emails did we send", "emails have we sent", "emails we sent", "sent emails",
        "mails sent", "emails went out", "sent mails", "mails did we send", "emails did we send out"),
    "open_rate": ("open rate", "open rates", "opening rate", "email open rate"),
    "click_rate": ("click rate", "click rates", "email click rate", "click-to-send"),
    "bounce_rate": ("bounce rate", "bounces", "bounce rates"),
    "unsubscribe_rate": ("unsubscribe rate", "opt-out rate", "unsubscribe rates", "unsub rate", "opt out rate"),
    "click_to_open_rate": ("click-to-open rate", "click to open rate", "ctor", "clicks per open", "clicks over opens"),
    "visits": ("visits", "website visits", "site visits", "traffic", "sessions", "visitors", "visitor", "session",
        "web traffic", "site traffic", "website traffic", "web visits"),
    "product_views": ("product views", "views", "page views", "pageviews"),
    "carts": ("carts", "baskets filled", "baskets started", "carts started", "carts filled", "add to carts"),
    "spend": ("ad spend", "advertising spend", "marketing spend", "spend on ads", "ads cost", "advertising cost",
        "marketing cost", "spend on advertising", "spend on marketing", "spending on ads", "spending on advertising",
        "spending on marketing", "ad costs", "media spend", "adspend", "ad expenditure", "advertising costs",
        "advertising expenses", "marketing costs", "marketing expenses", "spent on ads", "spent on advertising",
        "spent on marketing", "paid for ads", "ad money", "advertising money"),
    "impressions": ("impressions", "ad impressions"),
    "clicks": ("ad clicks", "clicks"),
    "conversions": ("conversions", "convs"),
    "ctr": ("ctr", "click-through rate", "click through rate", "clickthrough rate", "click-through-rate",
        "clickthrough", "click-through", "click through", "click-throughs"),
    "cpc": ("cpc", "cost per click"),
    "cpm": ("cpm", "cost per mille", "cost per thousand impressions", "cost per 1000 impressions"),
    "cpa": ("cpa", "cost per order", "cost per sale", "cost per purchase", "cost per acquisition",
        "cost per conversion", "acquisition cost"),
    "channel_revenue": ("platform revenue", "revenue the platforms report", "ad revenue", "revenue from ads",
        "revenue did the platforms report", "revenue reported by the platforms", "platforms reported",
        "revenue according to the platforms", "platform-reported revenue"),
    "roas": ("roas", "return on ad spend", "return on advertising", "return on adspend", "return on ads",
        "comes back per dollar", "comes back per euro", "comes back per pound", "revenue per ad dollar",
        "revenue per ad euro", "revenue per ad pound", "back per dollar", "back per euro", "return per dollar",
        "return per euro", "return per pound"),
    "mentions": ("reviews", "mentions", "brand mentions", "brand mention", "number of reviews", "talks about us",
        "talk about us", "talked about us", "mentions us", "mentioned us", "mention us", "writes about us",
        "write about us", "were we mentioned", "was our brand mentioned"),
    "average_rating": ("average rating", "rating", "ratings", "reviews score", "star rating", "average stars",
        "review score", "average review"),
}  # fmt: skip

DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "country": ("country", "countries", "market", "markets", "nation", "nations", "where", "geography", "geographies"),
    "currency": ("currency", "currencies"),
    "city": ("city", "cities", "town", "towns"),
    "channel": ("channel", "channels", "sales channel", "sales channels", "order channel", "platform", "platforms",
        "outlet", "outlets", "source", "sources", "site", "sites"),
    "product": ("product", "products", "item", "article", "articles", "bestsellers", "bestseller", "best sellers",
        "top sellers", "top seller", "best seller", "goods", "merchandise"),
    "sku": ("sku", "skus", "stock code", "stock codes", "product code"),
    "category": ("category", "categories", "product category", "product categories", "department", "product group",
        "product groups", "product type", "product types", "product family", "product families", "product line",
        "product lines", "departments", "genre", "genres"),
    "rfm_segment": ("segment", "segments", "rfm segment", "rfm segments", "rfm group", "rfm groups",
        "customer segment"),
    "campaign": ("campaign", "campaigns"),
    "spend_channel": ("ad network", "ad networks", "network", "networks", "ad channel", "ad channels",
        "advertising channel", "advertising channels", "marketing channel",
        "marketing channels", "ad platform", "ad platforms"),
    "mention_source": ("review site", "mention source", "source of mentions", "review sites", "sites"),
    "customer": ("customer id", "customer ids", "customer number", "client id", "client ids", "client number",
        "customer code"),
    "customer_type": ("customer type", "new or returning", "kind of customer"),
    "daypart": ("part of the day", "daypart", "dayparts", "morning or evening"),
    "weekday": ("weekday", "weekdays", "day of the week", "days of the week", "day of week"),
    "hour": ("hour", "hours", "hour of the day", "hours of the day", "what time", "time of day", "hour of day"),
    "kind": ("order kind", "kind of order"),
    "customer_orders": ("purchase count", "purchase counts"),

}  # fmt: skip

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer_health_score": ("health score", "customer health score", "customer health", "health"),
    "price_sensitivity_score": ("price sensitivity", "price sensitivity score"),
    "brand_loyalty_score": ("brand loyalty", "brand loyalty score", "loyalty score", "loyalty"),
    "avg_order_value": ("average order value", "average order", "average basket", "aov", "order value"),
    "max_order_value": ("largest order", "biggest order", "maximum order value"),
    "clv_12m": ("lifetime value", "clv", "customer lifetime value", "predicted value", "ltv", "12-month value",
        "worth"),
    "churn_30": ("churn_30",),
    "churn_60": ("churn risk", "churn probability", "churn score", "probability to leave", "probability of leaving",
        "risk of leaving", "churn_60", "chance of leaving"),
    "churn_90": ("churn_90",),
    "p_alive": ("probability of being alive", "p_alive", "probability that they still buy"),
    "refund_rate": ("refund rate", "return rate", "refunds per order"),
    "discount_share": ("discount share",),
    "discounted_order_share": ("share of discounted orders", "discounted order share"),
    "recency_days": ("recency", "days since last order", "days since the last order", "recency_days"),
    "tenure_days": ("tenure",),
    "frequency_all": ("frequency", "purchase days"),
    "orders_all": ("orders", "number of orders", "order count", "purchases", "invoices", "order"),
    "monetary_value": ("total spend", "spend", "spending", "revenue", "monetary value", "total revenue", "sales"),
    "revenue_90d": ("revenue in the last 90 days", "revenue_90d"),
    "revenue_365d": ("revenue in the last 365 days", "revenue_365d", "annual revenue", "yearly revenue"),
    "distinct_products": ("different products", "distinct products"),
    "distinct_categories": ("different categories", "distinct categories"),
    "items_per_order": ("items per order", "units per order"),
    "weekend_share": ("weekend share",),
    "night_share": ("night share",),
    "email_open_rate": ("open rate", "email open rate"),
    "email_click_rate": ("click rate", "email click rate"),
    "overdue_ratio": ("overdue ratio",),
    "typical_gap_days": ("typical gap", "days between orders"),
    "cart_abandonment_rate": ("cart abandonment rate", "abandonment rate"),
    "website_visit_frequency": ("visit frequency", "website visit frequency"),
    "expected_orders_12m": ("expected orders",),
}  # fmt: skip

SEGMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Champions": ("champions", "champion"),
    "Loyal": ("loyal customers", "loyal segment", "loyals", "loyal ones", "loyal"),
    "Potential Loyalist": ("potential loyalists", "potential loyalist"),
    "New": ("new segment",),
    "Promising": ("promising", "promising customers"),
    "Need Attention": ("need attention", "needs attention", "needing attention"),
    "About to Sleep": ("about to sleep",),
    "At Risk": ("at risk customers", "at risk segment", "at-risk customers", "at-risk", "at risk"),
    "Cannot Lose Them": ("cannot lose them", "cannot lose", "cant lose them"),
    "Hibernating": ("hibernating", "hibernating customers"),
    "Lost": ("lost customers", "lost segment", "lost"),
}

_COMMON = """
archive archived mover movers reactivate restore unarchive cluster clusters clustered clustering recluster regroup
kmeans overlap churning
overlaps overlapping shrinking growing declining drift drifting drifted deteriorate deteriorates deteriorating moved
moves move migrate migrated migration transition transitions slipped switched map umap csv download export divide split
partition discovered discover behaviour behaviours pattern patterns kinds types sorts seasonal spender spenders
frequent local shopper shoppers offer offers window channels apart special bring away back became become turned
abandon abandoned about above absent accuracy accurate active actual address after afternoon again ago agreed alive
all almost along also always amount annual annually any anybody anyone anything apart approach approve approved are
around ask attention audience average away back backtest bad basis basket been before began begin behave behaviour
best better between beyond big biggest both bottom bought bounce bounced bring brought business but buy buyers buying
by calibrated calibration call came campaign can card cart carts champions chance change changed cheapest chosen churn
clear click clicked clicks close cohort cohorts come coming compare compared comparison complete compute consent
consents contact content correct cost could count create current customer customers daily dashboard data date days
decline declined define defined definition delete describe details did differ difference different discount dispatch
does doing done dormant down draft drivers drop dropped due during each early earn earned effort else email emails end
ended engaged enough entire evening ever every everybody everyone evidence exactly except excluding expect expected
explain export fail failed far fast feature features fell few figure figures finally find finish finished first focus
follow for forecast forget found fresh freshest from full further gain gather gave general get getting give given
going gone good great greet grew group grow growing growth had half happen happened happens hardly has have health
healthy heavy hello help here hey hibernating high higher highest history how huge idea important improve inactive
inbox include including increase info information inside instead into invoice is items its job join joined joke just
keep kept kind kindly know known lapsed large largest last late lately latest launch leave leaving left less let
letter level lifetime like likely list little line link links live local long longer look
lose losing lost lot loud loyal loyalty made
mail mailbox main make making many mark market marketing mean meaning means mention message messages metric metrics
might minimum missing model money month monthly months more morning most move much must name names need never new news
newsletter next night nights nobody none not note nothing now number of off offer often old older on once one only
open opened opens order ordered orders other others our out outcome outside over overall overdue overview own page
paid part past pay pending people perform performance performed period person picture place plan please poem point
possible predict predicted prediction predictions predictive present previous price prices priorities prioritise
priority probability probable problem product products profile progress promising promote proposal proposals propose
proposed purchase purchased put quarter quarterly question quick quickly quiet quite range rank ranking rate rather
ratio reach reachable read ready really reason recap recent recently recommend recommendations recompute record
reengage reengagement refresh refund refunded region regular reject rejected reliable remember remind remove repeat
reply report request rest result results retention return returned revenue reward right rise rising rose rows run
running said sale sales same sandbox save saved say schedule score scores season second see seen segment segments sell
selling send sent service set several share shop shopped short should show shown shows shrink side sign silent similar
simple since single situation size sleeping slow slowly small smallest so sold some somebody someone something soon
sort source spend spending spent spread stage stand start started state status stay steady stop store strong strongest
study subject succeed succeeded such suggest summary superseded sure table take taken talk tell text than thank thanks
that the their them themselves then there these they thing things think this those though through time times title
today together tomorrow too took top total toward track trend tried true trust trustworthy try turn twice type typical
under understand unit units vector vectors embedding embeddings similarity lookalike lookalikes alike resemble lift
uplift incremental experiment experiments effect effects effective intervention interventions playbook action actions
recommendation beat retain keep retrain train learn anew worked works female male women gender white blue red green
unsubscribed until update upon usual usually value values very view viewed vip vips visit visited voucher waiting want
was way weather week weekend weekends weekly weeks welcome well went were what when where whether which while who
whole whom whose why will win winback wish with within without won word words work working worse worst worth would
stopped because frequent frequently either neither birthday birthdays saturday sunday monday tuesday wednesday thursday
friday saturdays sundays mondays tuesdays wednesdays thursdays fridays weekday weekdays phone number returns baskets
test tests testing sending attrition sample prevent rely plain load core stats raise chart charts user users staff token
task tasks life intersection promotion promotions world currency margin margins profit profits stock supplier suppliers
employee employees competitor competitors delivery deliveries shipping payment payments paypal gender female mobile
till until kund kunde kunden
attribution attributed attribute touchpoint touchpoints touch shapley markov saturation saturated saturating adstock
mmm journey journeys offer offers pacing
wrap write written wrong year yearly years yes yesterday yet you your zero
""".split()  # noqa: SIM905


@cache
def phrases(name: str) -> tuple[tuple[str, str], ...]:
    """(phrase, canonical name) of one of METRICS, DIMENSIONS, FIELDS, SEGMENTS; longest phrase first."""
    table = {"metrics": METRICS, "dimensions": DIMENSIONS, "fields": FIELDS, "segments": SEGMENTS}.get(name) or {
        name: METRICS[name]
        for name in ("largest_order", "smallest_order", "largest_refund")  # before they are read as a rank
    }
    # "new" and "lost" alone are words before they are segments
    own = () if name == "segments" else table
    pairs = [(phrase, canonical) for canonical, said in table.items() for phrase in said]
    pairs += [(canonical.lower(), canonical) for canonical in own]
    spaced = [(canonical.replace("_", " "), canonical) for canonical in table if "_" in canonical]
    return tuple(sorted({*pairs, *spaced}, key=lambda p: (-len(p[0]), p)))


@cache
def known_words() -> frozenset[str]:
    """Every word that needs no correction."""
    said = " ".join(phrase for table in ("metrics", "dimensions", "fields", "segments") for phrase, _ in phrases(table))
    from language.figures import MONTHS

    words = re.findall(r"[a-z]+", f"{said} {' '.join(MONTHS)}")
    return frozenset(words) | frozenset(_COMMON) | place_words()
