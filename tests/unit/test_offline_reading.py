# ruff: noqa: E501  (a table of questions)
"""What the offline model makes of questions: the tool and the arguments that matter, over the whole range."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import CATALOGUE, READER, calls, read_question, scene

BIG_AND_SILENT = {
    "all": [
        {"field": "monetary_value", "operator": "gt", "value": 1000},
        {"field": "recency_days", "operator": "ge", "value": 90},
    ]
}
ONCE = {"field": "orders_all", "operator": "eq", "value": 1}


def only(name: str, value: Any, op: str = "eq") -> dict[str, Any]:
    return {"dimension": name, "operator": op, "value": value}


def field(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": name, "operator": op, "value": value}


QUESTIONS: list[tuple[str, str, dict[str, Any]]] = [
    # figures
    ("How many customers do we have?", "query_metrics", {"metrics": ["customers"]}),
    ("number of customers", "query_metrics", {"metrics": ["customers"]}),
    ("how many customers", "query_metrics", {"metrics": ["customers"]}),
    ("when will 14646 buy again", "next_purchase", {"customer": "14646"}),
    ("how many customers will leave", "churn_summary", {}),
    ("How large is our customer base?", "query_metrics", {"metrics": ["customers"]}),
    ("What was our revenue in November 2011?", "query_metrics", {"metrics": ["revenue"], "start": "2011-11-01", "end": "2011-11-30"}),
    ("how much did we sell in nov 2011", "query_metrics", {"metrics": ["revenue"], "start": "2011-11-01", "end": "2011-11-30"}),
    ("Turnover for November 2011 please", "query_metrics", {"metrics": ["revenue"], "start": "2011-11-01"}),
    ("what did we earn last month", "query_metrics", {"metrics": ["revenue"], "start": "2011-11-01", "end": "2011-11-30"}),
    ("total sales since March", "query_metrics", {"metrics": ["revenue"], "start": "2011-03-01"}),
    ("revenue over the last 90 days", "query_metrics", {"metrics": ["revenue"], "start": "2011-09-11", "end": "2011-12-09"}),
    ("sales in Q3 2011", "query_metrics", {"metrics": ["revenue"], "start": "2011-07-01", "end": "2011-09-30"}),
    ("orders between 1 and 9 December 2010", "query_metrics", {"metrics": ["orders"], "start": "2010-12-01", "end": "2010-12-09"}),
    ("how many orders were placed on 5 November 2011?", "query_metrics", {"metrics": ["orders"], "start": "2011-11-05", "end": "2011-11-05"}),
    ("What's the average order value in Germany?", "query_metrics", {"metrics": ["average_order_value"], "filters": [only("country", "Germany")]}),
    ("AOV by country", "query_metrics", {"metrics": ["average_order_value"], "dimensions": ["country"]}),
    ("repeat purchase rate", "query_metrics", {"metrics": ["repeat_rate"]}),
    ("what share of our customers are repeat customers", "count_segment", {"rule": field("orders_all", "ge", 2)}),
    ("How much money did we give back this year?", "query_metrics", {"metrics": ["refunds"], "start": "2011-01-01"}),
    ("How many units were sold in the UK in October?", "query_metrics", {"metrics": ["units"], "filters": [only("country", "United Kingdom")], "start": "2011-10-01"}),
    ("new customers per month", "query_metrics", {"metrics": ["new_customers"], "grain": "month"}),
    ("weekly orders since September", "query_metrics", {"metrics": ["orders"], "grain": "week", "start": "2011-09-01"}),
    ("How did revenue develop over time?", "query_metrics", {"metrics": ["revenue"], "grain": "month"}),
    ("show me a revenue trend by quarter", "query_metrics", {"metrics": ["revenue"], "grain": "quarter"}),
    ("which month was our best?", "query_metrics", {"grain": "month", "order_by": "revenue", "limit": 1, "descending": True}),
    ("What was our weakest week?", "query_metrics", {"grain": "week", "order_by": "revenue", "limit": 1, "descending": False}),
    ("revenue and orders by month", "query_metrics", {"metrics": ["revenue", "orders"], "grain": "month"}),
    ("cancellations in 2011", "query_metrics", {"metrics": ["refund_orders"], "start": "2011-01-01", "end": "2011-12-31"}),
    # rankings and filters
    ("best countries outside the UK", "query_metrics", {"metrics": ["revenue"], "dimensions": ["country"], "filters": [only("country", "United Kingdom", "ne")]}),
    ("Which countries besides Great Britain bring the most revenue?", "query_metrics", {"dimensions": ["country"], "filters": [only("country", "United Kingdom", "ne")]}),
    ("top 5 markets except the United Kingdom and Germany", "query_metrics", {"dimensions": ["country"], "filters": [only("country", ["Germany", "United Kingdom"], "not_in")], "limit": 5}),
    ("top 3 products in France last quarter", "query_metrics", {"dimensions": ["product"], "limit": 3, "filters": [only("country", "France")], "start": "2011-07-01"}),
    ("our bestsellers", "query_metrics", {"dimensions": ["product"]}),
    ("10 worst selling products", "query_metrics", {"dimensions": ["product"], "descending": False, "limit": 10}),
    ("compare Germany and France", "query_metrics", {"dimensions": ["country"], "filters": [only("country", ["France", "Germany"], "in")]}),
    ("Spain versus Netherlands: orders", "query_metrics", {"metrics": ["orders"], "dimensions": ["country"], "filters": [only("country", ["Netherlands", "Spain"], "in")]}),
    ("where do our customers come from?", "query_metrics", {"metrics": ["customers"], "dimensions": ["country"]}),
    ("sales by weekday", "query_metrics", {"metrics": ["revenue"], "dimensions": ["weekday"]}),
    ("revenue per category", "query_metrics", {"metrics": ["revenue"], "dimensions": ["category"]}),
    ("revenue via web", "query_metrics", {"metrics": ["revenue"], "filters": [only("channel", "web")]}),
    ("what was the avrage order valeu in Germny", "query_metrics", {"metrics": ["average_order_value"], "filters": [only("country", "Germany")]}),
    ("how many custmers do we have in the netherlands", "query_metrics", {"metrics": ["customers"], "filters": [only("country", "Netherlands")]}),
    # no such data is for the tool to say
    ("What was revenue in 2031?", "query_metrics", {"metrics": ["revenue"], "start": "2031-01-01", "end": "2031-12-31"}),
    ("What is our open rate?", "query_metrics", {"metrics": ["open_rate"]}),
    ("ROAS by channel", "query_metrics", {"metrics": ["roas"], "dimensions": ["spend_channel"]}),
    ("How much did we spend on advertising?", "query_metrics", {"metrics": ["spend"]}),
    ("revenue in Mexico", "query_metrics", {"filters": [only("country", "Mexico")]}),
    ("what did we turn over in the first quarter of 2011", "query_metrics", {"metrics": ["revenue"], "start": "2011-01-01", "end": "2011-03-31"}),
    ("how many people bought from us in total", "query_metrics", {"metrics": ["ordering_customers"]}),
    ("give me the five best selling items in France", "query_metrics", {"metrics": ["revenue"], "dimensions": ["product"], "limit": 5}),
    ("what percentage of customers buy again", "query_metrics", {"metrics": ["repeat_rate"]}),
    ("how many orders were there on average per customer", "query_metrics", {"metrics": ["orders_per_customer"]}),
    ("how much does a customer spend on average", "query_metrics", {"metrics": ["revenue_per_customer"]}),
    ("top ten countries by number of customers", "query_metrics", {"metrics": ["customers"], "dimensions": ["country"], "limit": 10}),
    ("is our revenue growing", "query_metrics", {"metrics": ["revenue"], "grain": "month"}),
    ("what's the best day of the week", "query_metrics", {"dimensions": ["weekday"]}),
    ("at what time do customers order", "query_metrics", {"metrics": ["orders"], "dimensions": ["hour"]}),
    ("which customers cancelled most", "query_metrics", {"metrics": ["refund_orders"], "dimensions": ["customer"]}),
    ("what happened in september 2011", "period_report", {"start": "2011-09-01", "end": "2011-09-30"}),
    ("how many customers did we win in october", "query_metrics", {"metrics": ["new_customers"], "start": "2011-10-01"}),
    ("revenue yesterday", "query_metrics", {"metrics": ["revenue"], "start": "2011-12-08", "end": "2011-12-08"}),
    # customers
    ("customers who spent over 1,000 and have been silent for 90 days", "find_customers", {"rule": BIG_AND_SILENT}),
    ("Show me everyone who spent more than £1,000 but hasn't ordered for three months", "find_customers", {"rule": BIG_AND_SILENT}),
    ("Which customers with a total spend above 1000 have not bought anything in 90 days?", "find_customers", {"rule": BIG_AND_SILENT}),
    ("Which customers bought only once?", "find_customers", {"rule": ONCE}),
    ("one-time buyers", "find_customers", {"rule": ONCE}),
    ("list the people who ordered just once", "find_customers", {"rule": ONCE}),
    ("How many customers bought only once?", "count_segment", {"rule": ONCE}),
    ("how many people placed exactly one order", "count_segment", {"rule": ONCE}),
    ("customers with more than 20 orders", "find_customers", {"rule": field("orders_all", "gt", 20)}),
    ("who has at least five orders and comes from Germany?", "find_customers", {"rule": {"all": [field("orders_all", "ge", 5), field("country", "eq", "Germany")]}}),
    ("count customers with a health score below 40", "count_segment", {"rule": field("customer_health_score", "lt", 40)}),
    ("customers with a refund rate over 20% or an average order value under 10", "find_customers", {"rule": {"any": [field("refund_rate", "gt", 0.2), field("avg_order_value", "lt", 10)]}}),
    ("customers who haven't opened an e-mail for a month", "find_customers", {"rule": {"event": "email_open", "did": False, "within_days": 30}}),
    ("customers who visited the website in the last 7 days", "find_customers", {"rule": {"event": "visit", "did": True, "within_days": 7}}),
    ("how many champions do we have?", "count_segment", {"rule": field("rfm_segment", "eq", "Champions")}),
    ("list the hibernating customers", "find_customers", {"rule": field("rfm_segment", "eq", "Hibernating")}),
    ("customers who spent between 100 and 200", "find_customers", {"rule": field("monetary_value", "between", [100, 200])}),
    ("customers who spent more than 100 in the last 90 days", "find_customers", {"rule": field("revenue_90d", "gt", 100)}),
    ("how many customers ordered in the last 30 days?", "count_segment", {"rule": field("recency_days", "le", 30)}),
    ("customers who have not bought since August", "find_customers", {"rule": {"all": [{"purchase": "orders", "operator": "ge", "value": 1, "end": "2011-07-31"}, {"purchase": "orders", "operator": "eq", "value": 0, "start": "2011-08-01"}]}}),
    ("customers who spent over 100 in the last 60 days", "find_customers", {"rule": {"purchase": "revenue", "operator": "gt", "value": 100, "within_days": 60}}),
    ("revenue since Easter", "query_metrics", {"metrics": ["revenue"], "start": "2011-04-24"}),
    ("high risk customers worth more than 300", "find_customers", {"rule": {"all": [field("churn_risk", "eq", "high"), field("clv_12m", "gt", 300)]}}),
    ("who are our best customers?", "find_customers", {"sort_by": "monetary_value", "limit": 10}),
    ("top 20 customers by number of orders", "find_customers", {"sort_by": "orders_all", "limit": 20}),
    ("customers in Spain", "find_customers", {"rule": field("country", "eq", "Spain")}),
    ("top 10 customers in Germany", "find_customers", {"rule": field("country", "eq", "Germany"), "limit": 10}),
    ("tell me about customer 17850", "customer_profile", {"customer": "17850"}),
    ("who is someone@example.com?", "customer_profile", {"customer": "someone@example.com"}),
    ("what do you know about 17850", "customer_profile", {"customer": "17850"}),
    ("what should I do with the hibernating customers", "recommend_interventions", {"segment": "Hibernating"}),
    ("are there customers who never ordered", "find_customers", {"rule": {"field": "recency_days", "operator": "is_null"}}),
    ("Why is customer C-00042 at risk?", "customer_profile", {"customer": "C-00042"}),
    # churn, value, next purchases, cohorts
    ("Who is likely to leave in the next 60 days and what are they worth?", "churn_table", {"horizon_days": 60, "min_probability": 0.5}),
    ("which customers are we about to lose?", "churn_table", {"horizon_days": 60}),
    ("who will churn within 30 days", "churn_table", {"horizon_days": 30}),
    ("name the 5 customers most likely to leave in the next 3 months", "churn_table", {"horizon_days": 90, "order": "probability"}),
    ("what is our churn?", "churn_summary", {"horizon_days": 60}),
    ("how many customers will leave in the next 90 days?", "churn_summary", {"horizon_days": 90}),
    ("how much revenue is at risk?", "churn_summary", {}),
    ("How accurate is the churn model?", "churn_summary", {}),
    ("what is our customer lifetime value?", "clv_summary", {}),
    ("who are the 15 most valuable customers of the coming year", "clv_summary", {}),
    ("what will our customers be worth in the next 12 months?", "clv_summary", {}),
    ("Who is expected to buy in the next two weeks?", "next_purchase", {"within_days": 14}),
    ("when will customer 14646 order again?", "next_purchase", {"customer": "14646"}),
    ("How did the December 2010 cohort do after one month?", "cohort_retention", {"cohort": "2010-12", "months_after": 1}),
    ("how many customers who first bought in January 2011 came back after 2 months", "cohort_retention", {"cohort": "2011-01", "months_after": 2}),
    ("how many customers who first bought in March 2011 came back the next month", "cohort_retention", {"cohort": "2011-03", "months_after": 1}),
    ("how many of the March 2011 cohort bought again in the next month", "cohort_retention", {"cohort": "2011-03", "months_after": 1}),
    ("cohort retention", "cohort_retention", {}),
    # segments, features, data, reports
    ("show me the segments", "list_segments", {}),
    ("which RFM segments are there?", "list_segments", {}),
    ("what is our most valuable segment?", "list_segments", {}),
    ("save customers who spent over 1,000 and have been silent for 90 days as 'Silent spenders'", "save_segment", {"name": "Silent spenders", "rule": BIG_AND_SILENT}),
    ("create a segment called \"Once\" with the customers who bought only once", "save_segment", {"name": "Once", "rule": ONCE}),
    ("which customer features are there?", "feature_dictionary", {}),
    ("What does the health score mean?", "define_terms", {"terms": ["health score"]}),
    ("what data do you have?", "describe_data", {}),
    ("how fresh is the data?", "describe_data", {}),
    ("give me an overview", "period_report", {"days": 28}),
    ("how are we doing?", "period_report", {"days": 28}),
    ("give me a weekly report", "period_report", {}),
    ("where should we focus?", "next_actions", {}),
    ("what do you recommend?", "next_actions", {}),
    # jobs and campaigns
    ("recompute the churn scores", "refresh_scores", {"what": ["churn"]}),
    ("refresh all scores", "refresh_scores", {}),
    ("how far is the job?", "job_status", {}),
    ("show me a pie chart of revenue by country", "query_metrics", {"metrics": ["revenue"], "dimensions": ["country"], "limit": 10}),
    ("which email campaign had the best open rate?", "query_metrics", {"metrics": ["open_rate"], "dimensions": ["campaign"], "limit": 10}),
    ("write an e-mail to the At Risk customers", "propose_campaign", {"segment": "At Risk", "kind": "re_engagement"}),
    ("propose a win-back campaign for customers who have been silent for 90 days", "propose_campaign", {"rule": field("recency_days", "ge", 90), "kind": "re_engagement"}),
    ("launch a thank-you campaign for our champions", "propose_campaign", {"segment": "Champions", "kind": "vip"}),
    ("offer 10% off to customers who bought only once by email campaign", "propose_campaign", {"rule": ONCE, "kind": "discount"}),
    ("which proposals are waiting for approval?", "list_proposals", {"status": "pending"}),
    ("how is the campaign doing?", "campaign_status", {}),
    ("show the mailbox", "mailbox", {}),
    # what campaigns changed, what to do, what comes next, where value is at risk, who is alike
    ("what was the lift of our campaigns?", "experiment_effect", {}),
    ("did the win-back campaign work?", "experiment_effect", {}),
    ("what effect did campaign CMP-WINBACK have?", "experiment_effect", {"campaign_id": "CMP-WINBACK"}),
    ("what will customer 17850 buy next?", "next_best_product", {"customer": "17850"}),
    ("which products should we recommend to customer 14646", "next_best_product", {"customer": "14646"}),
    ("which products come next for most customers", "next_best_product", {"top": 10}),
    ("what should I do for customer 17850?", "customer_interventions", {"customer": "17850"}),
    ("what should I do for the high risk customers", "recommend_interventions", {"risk": "high"}),
    ("which intervention suits the At Risk customers", "recommend_interventions", {"segment": "At Risk"}),
    ("how can we keep customers who spent over 1000", "recommend_interventions", {"rule": field("monetary_value", "gt", 1000)}),
    ("where is value at risk?", "at_risk_segments", {"by": "rfm_segment"}),
    ("value at risk by country", "at_risk_segments", {"by": "country"}),
    ("which segments hold the most value at risk in the next 30 days", "at_risk_segments", {"by": "rfm_segment", "horizon_days": 30}),
    ("customers like 17850", "similar_customers", {"customer": "17850"}),
    ("who is similar to customer 17850?", "similar_customers", {"customer": "17850"}),
    ("find customers like the champions", "lookalike_segment", {"segment": "Champions"}),
    ("lookalikes of customers who spent over 1000", "lookalike_segment", {"rule": field("monetary_value", "gt", 1000)}),
    ("how good is the value model?", "model_report", {"model": "value"}),
    ("do the vectors beat the features?", "model_report", {"model": "vectors"}),
    ("fit the full posterior of customer value", "value_posterior", {}),
    ("show me the posterior of customer value", "model_report", {"model": "value_posterior"}),
    ("did the chains of the posterior agree?", "model_report", {"model": "value_posterior"}),
    ("train the vectors", "train_vectors", {}),
    ("refresh the recommendations", "refresh_recommendations", {}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "tool", "expected"), QUESTIONS, ids=[q for q, _, _ in QUESTIONS])
def test_a_question_leads_to_its_tool(question: str, tool: str, expected: dict[str, Any]) -> None:
    made = calls(question)
    assert made, f"nothing was called; said: {[r.said for r in read_question(question, scene())]}"
    name, arguments = made[0]
    assert name == tool, made
    assert {k: arguments.get(k) for k in expected} == expected


@pytest.mark.parametrize(
    "question",
    [
        'sales of "CANDLE" in 2011', "revenue in November not on weekends", "revenue in 2011 without Q2",
        "customers without any refunds",
        "cohort retention for Germany", "cohort retention by quarter", "cohorts from January to June 2011",
        "orders with more than 3 items",
    ],
)  # fmt: skip
def test_what_no_argument_can_hold_is_said_and_not_dropped(question: str) -> None:
    readings = read_question(question, scene())
    assert all(not reading.calls and reading.said for reading in readings)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("orders on Mondays and Tuesdays and Wednesdays", {"filters": [only("weekday", ["Monday", "Tuesday", "Wednesday"], "in")]}),
        ("average order value on weekdays vs weekends", {"dimensions": ["weekend"], "grain": None}),
        ("revenue in the 10 days before 1 December 2011", {"start": "2011-11-21", "end": "2011-11-30"}),
        ("month-on-month growth of revenue in 2011", {"grain": "month", "start": "2011-01-01", "compare_start": None}),
        ("orders growth quarter on quarter in Q3 2011", {"grain": None, "start": "2011-07-01", "compare_start": "2011-04-01"}),
        ("list customers by revenue in 2011", {"dimensions": ["customer"], "start": "2011-01-01"}),
    ],
)  # fmt: skip
def test_figures_of_several_days_steps_and_customers(question: str, expected: dict[str, Any]) -> None:
    [(tool, asked)] = calls(question)
    assert tool == "query_metrics"
    assert {name: asked.get(name) for name in expected} == expected


def test_two_cohorts_are_two_rows_and_a_share_of_customers_is_counted() -> None:
    assert [c["cohort"] for _, c in calls("retention of the March and April 2011 cohorts")] == ["2011-03", "2011-04"]
    assert [tool for tool, _ in calls("what percentage of customers bought only once")] == ["count_segment"]
    assert calls("retention in the sixth month")[0][1]["months_after"] == 6


def test_a_question_of_two_parts_becomes_two_readings() -> None:
    readings = read_question("What was revenue in November 2011 and how many customers do we have?", scene())
    assert [c.arguments["metrics"] for r in readings for c in r.calls] == [["revenue"], ["customers"]]
    assert not readings[1].refers


def test_the_second_part_may_refer_to_the_first() -> None:
    readings = read_question("Save customers who bought only once as 'Once' and write them an e-mail", scene())
    assert [c.tool for r in readings for c in r.calls] == ["save_segment", "propose_campaign"]
    assert readings[1].refers
    assert readings[1].calls[0].arguments["rule"] == ONCE


def test_two_periods_compared_are_one_call_with_both() -> None:
    [(tool, asked)] = calls("compare revenue in October and November 2011")
    assert tool == "query_metrics"
    assert (asked["start"], asked["end"]) == ("2011-11-01", "2011-11-30")
    assert (asked["compare_start"], asked["compare_end"]) == ("2011-10-01", "2011-10-31")


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Wie viele Kunden haben wir?", "English only"),
        ("Combien de clients avons-nous ?", "English only"),
        ("what is the weather tomorrow", "no data on the weather"),
        ("tell me a joke", "outside of what I can answer"),
        ("customers who own a dog", "own a dog"),
        ("write them an email", "Whom should it go to?"),
        ("approve it", "takes a person"),
        ("send it now", "takes a person"),
        ("delete all customers", "cannot delete"),
        ("what can you do?", "for example"),
        ("hello", "Hello"),
        ("thanks!", "welcome"),
        ("change the subject to 'x'", "no proposal"),
    ],
)
def test_what_leads_to_no_call_is_said(question: str, part: str) -> None:
    (reading,) = read_question(question, scene())
    assert reading.calls == []
    assert part in (reading.said or "")


def test_what_was_not_understood_is_said_and_not_guessed() -> None:
    (reading,) = read_question("customers who spent over 500 and who own a dog", scene())
    assert reading.calls == []
    assert "own a dog" in (reading.said or "")
    assert "who spent over 500" in (reading.said or "")  # in the user's words: no figure that was not said


def test_every_request_leads_to_a_sub_agent_with_its_tools() -> None:
    assert READER.requests
    for request in READER.requests:
        for example in request.phrasings[:4]:
            for reading in read_question(example, scene()):
                for call in reading.calls:
                    assert set(reading.agents) & set(CATALOGUE.get(call.tool).agents), (example, call.tool)


def test_the_same_question_is_read_the_same_way_twice() -> None:
    question = "best countries outside the UK in the last 90 days"
    assert calls(question) == calls(question)


@pytest.mark.parametrize(
    ("question", "audience"),
    [
        ("Write a win-back e-mail to the At Risk customers", {"segment": "At Risk"}),
        ("send the champions an email", {"segment": "Champions"}),
        ("launch an e-mail campaign at customers who bought only once", {"rule": field("orders_all", "eq", 1)}),
    ],
)
def test_an_email_to_write_is_not_the_channel_orders_came_through(question: str, audience: dict[str, Any]) -> None:
    [reading] = read_question(question, scene(channel=["web", "store", "email"]))
    [call] = reading.calls
    assert call.tool == "propose_campaign"
    assert {k: call.arguments.get(k) for k in audience} == audience


def test_orders_through_email_are_a_filter() -> None:
    [reading] = read_question("revenue from email orders", scene(channel=["web", "store", "email"]))
    assert reading.calls[0].arguments["filters"] == [{"dimension": "channel", "operator": "eq", "value": "email"}]
