"""`ask` without a model, on UCI Online Retail: the right figure with its evidence, kept in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from agent.conversation import Answer, Conversation
from agent.memory import open_memory
from cli.engines import Engines
from database.engine import Database
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.conftest import person
from tests.unit.fake_toolbox import offline_graph
from tools.catalogue import catalogue
from tools.runtime import Runtime


@pytest.fixture
def toolbox(database: Database) -> InProcessToolbox:
    return InProcessToolbox(build_server(Runtime(catalogue(), database, lambda *_: uuid4())))


@pytest.fixture
async def conversation(toolbox: InProcessToolbox, engines: Engines) -> AsyncIterator[Conversation]:
    async with open_memory(engines.app_url) as memory:
        yield Conversation(offline_graph(toolbox, memory))


async def said(conversation: Conversation, org_id: UUID, *questions: str) -> Answer:
    """The answer to the last of `questions`, asked in one thread."""
    thread = str(uuid4())
    for question in questions[:-1]:
        await conversation.answer(question, person(org_id), thread)
    return await conversation.answer(questions[-1], person(org_id), thread)


PUBLISHED = [
    ("How many customers do we have?", ["**4,372 customers**"], "query_metrics"),
    ("What was our revenue in November 2011?", ["**£1,461,756.25**", "in November 2011"], "query_metrics"),
    ("how much did we sell in december 2010", ["£748,957.02"], "query_metrics"),
    ("revenue by month", ["£9,747,747.93", "November 2011 with £1,461,756.25"], "query_metrics"),
    (
        "best countries outside the UK",
        ["**Netherlands** has the highest revenue", "**£284,661.54**", "EIRE: £263,276.82"],
        "query_metrics",
    ),
    ("How did the December 2010 cohort do after one month?", ["**362** of the 948 customers"], "cohort_retention"),
    ("Which customers bought only once?", ["**1,494 customers**", "bought only once"], "find_customers"),
]


@pytest.mark.parametrize(("question", "parts", "tool"), PUBLISHED, ids=[q for q, _, _ in PUBLISHED])
async def test_published_figures(
    conversation: Conversation, scored_retail: UUID, question: str, parts: list[str], tool: str
) -> None:
    answer = await said(conversation, scored_retail, question)
    for part in parts:
        assert part in answer.text
    assert [line.tool for line in answer.evidence] == [tool]
    assert answer.evidence[0].rows > 0
    assert answer.evidence[0].as_of == "2011-12-10T00:00:00Z"
    assert f"_Source: {tool}(" in answer.text
    assert answer.withheld == []


async def test_silent_spenders_as_plain_sql_counts_them(
    conversation: Conversation, scored_retail: UUID, database: Database
) -> None:
    from sqlalchemy import text

    query = """
        select count(*) from (
            select customer_id from orders where customer_id is not null group by customer_id
            having sum(revenue) > 1000
               and max(ordered_at) filter (where kind = 'sale') <= timestamptz '2011-12-10' - interval '90 days'
        ) as silent"""
    with database.transaction(scored_retail) as connection:
        expected = connection.execute(text(query)).scalar_one()
    answer = await said(conversation, scored_retail, "customers who spent over 1,000 and have been silent for 90 days")
    assert f"**{expected:,} customers**" in answer.text
    assert answer.tables[0].total_rows == expected


async def test_who_is_likely_to_leave_and_what_they_are_worth(conversation: Conversation, scored_retail: UUID) -> None:
    answer = await said(
        conversation, scored_retail, "Who is likely to leave in the next 60 days and what are they worth?"
    )
    assert [line.tool for line in answer.evidence] == ["churn_table", "churn_summary"]
    assert "to leave within 60 days; about " in answer.text
    assert "Together they are worth **£" in answer.text
    assert "A customer has left when" not in answer.text, "what a term means stands in the notes"
    assert any("left when" in said for line in answer.evidence for said in line.definitions)
    assert answer.confidence == "medium"
    assert [chart.shape for chart in answer.charts] == ["bar"]
    assert answer.withheld == []


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("What was revenue in 2031?", "2010-12-01 to 2011-12-09"),
        ("What is our open rate?", "no events have been loaded"),
    ],
)
async def test_what_is_not_in_the_data_is_said(
    conversation: Conversation, scored_retail: UUID, question: str, part: str
) -> None:
    answer = await said(conversation, scored_retail, question)
    assert answer.text.startswith("**There is no such data:**")
    assert part in answer.text
    assert answer.evidence == []


WHOLE_RANGE = [
    "what data do you have?",
    "give me an overview",
    "where should we focus?",
    "show me the segments",
    "how many champions do we have?",
    "which customer features are there?",
    "tell me about customer 17850",
    "what is our customer lifetime value?",
    "who will buy in the next 14 days?",
    "when will customer 14646 buy again?",
    "how good is the churn model?",
    "cohort analysis",
    "top 5 products in Germany since March",
    "sales by weekday",
    "which month was the best?",
    "who are our best customers?",
    "save customers who bought only once as 'Once'",
    "which proposals are waiting?",
    "show the mailbox",
]


@pytest.mark.parametrize("question", WHOLE_RANGE)
async def test_the_whole_range_answers_without_a_withheld_figure(
    conversation: Conversation, scored_retail: UUID, question: str
) -> None:
    answer = await said(conversation, scored_retail, question)
    assert answer.withheld == []
    assert answer.evidence
    assert answer.confidence in ("high", "medium")


async def test_the_same_range_answers_on_the_demo_shop(conversation: Conversation, demo: UUID) -> None:
    for question in ["give me an overview", "what is our open rate?", "ROAS by channel", "average rating by month"]:
        answer = await said(conversation, demo, question)
        assert answer.withheld == [], (question, answer.text)
        assert answer.evidence, (question, answer.text)


async def test_a_campaign_is_proposed_and_waits_for_a_person(conversation: Conversation, demo: UUID) -> None:
    answer = await said(conversation, demo, "customers who have been silent for 90 days", "write them an email")
    (made,) = answer.proposals
    assert made.proposal["status"] == "pending"
    assert made.proposal["audience"]["reachable"] > 0
    assert len(made.proposal["content_hash"]) == 64
    assert "Nothing is sent until you press Approve" in answer.text


async def test_saying_approve_approves_nothing(conversation: Conversation, demo: UUID, database: Database) -> None:
    from sqlalchemy import text

    answer = await said(conversation, demo, "write an email to the At Risk customers", "approve it")
    assert "takes a person" in answer.text
    with database.transaction(demo) as connection:
        assert connection.execute(text("select count(*) from approvals")).scalar_one() == 0
        assert connection.execute(text("select count(*) from messages")).scalar_one() == 0


async def test_memory_outlives_the_process(toolbox: InProcessToolbox, engines: Engines, scored_retail: UUID) -> None:
    thread = str(uuid4())
    async with open_memory(engines.app_url) as memory:
        first = Conversation(offline_graph(toolbox, memory))
        await first.answer("What was our revenue in November 2011?", person(scored_retail), thread)
    async with open_memory(engines.app_url) as memory:
        second = Conversation(offline_graph(toolbox, memory))
        answer = await second.answer("and in October?", person(scored_retail), thread)
    assert "£1,070,704.67" in answer.text


async def test_a_comparison_says_by_how_much_from_one_call(conversation: Conversation, scored_retail: UUID) -> None:
    answer = await said(conversation, scored_retail, "compare October and November 2011")
    assert "£1,461,756.25" in answer.text
    assert "Revenue grew by **36.5%** in November 2011" in answer.text
    assert "£1,070,704.67 in October 2011" in answer.text
    assert answer.withheld == []
    assert [line.tool for line in answer.evidence] == ["query_metrics"]


async def test_words_of_a_share_become_a_segment_that_can_be_kept(
    conversation: Conversation, scored_retail: UUID
) -> None:
    answer = await said(conversation, scored_retail, "how many customers are in the top 10 % by spend?")
    assert "**438 customers**" in answer.text  # a tenth of 4,372, rounded up
    assert "total spend in the top 10%" in answer.text


WHAT_TO_DO = [
    ("which campaigns work?", "experiment_effect", ["control", "95% interval", "treated"]),
    ("what should I do for the high risk customers?", "recommend_interventions", ["comes first for", "Begin with"]),
    (
        "which segments hold the most value at risk?",
        "at_risk_segments",
        ["hold the most value at risk", "at high risk"],
    ),
    ("which products come next for most customers?", "next_best_product", ["For most customers, next comes", "later"]),
    ("how good is the value model?", "model_report", ["lifetime value", "on a later window", "used for"]),
]


@pytest.mark.parametrize(("question", "tool", "parts"), WHAT_TO_DO, ids=[q for q, _, _ in WHAT_TO_DO])
async def test_what_to_do_is_answered_from_its_tool(
    conversation: Conversation, demo: UUID, question: str, tool: str, parts: list[str]
) -> None:
    answer = await said(conversation, demo, question)
    assert [line.tool for line in answer.evidence] == [tool]
    assert answer.withheld == []
    assert answer.suggestions
    for part in parts:
        assert part in answer.text


async def test_words_of_cause_stand_only_on_a_randomised_comparison(conversation: Conversation, demo: UUID) -> None:
    measured = await said(conversation, demo, "what was the lift of our campaigns?")
    assert "kept back" in measured.text
    ruled = await said(conversation, demo, "what should I do for the lost customers?")
    if "Measured" not in ruled.text:
        assert not any(word in ruled.text.lower() for word in ("uplift", "caused", "because of"))
        assert "no campaign with a control group has measured" in ruled.text


async def test_follow_ups_on_one_customer_and_on_many(conversation: Conversation, demo: UUID) -> None:
    answer = await said(conversation, demo, "who is likely to leave in the next 60 days?", "what should I do for them?")
    assert [line.tool for line in answer.evidence] == ["recommend_interventions"]
    assert "churn_60" in str(answer.evidence[0].arguments)
    one = await said(conversation, demo, "tell me about customer C0000587", "what should I do for them?")
    assert [line.tool for line in one.evidence] == ["customer_interventions"]
    assert "**For customer C0000587: " in one.text


WHY = [
    ("why is customer {}'s health so low?", "The health score of customer {} is", "rhythm, "),
    ("why is customer {} price sensitive?", "The price sensitivity score of customer {} is", "discounted orders, "),
    ("how loyal is customer {} and why?", "The brand loyalty score of customer {} is", "coming back, "),
    ("why is customer {} at risk of leaving?", "Customer {}: ", "The last order is"),
]


@pytest.mark.parametrize(("question", "head", "part"), WHY, ids=[q for q, *_ in WHY])
async def test_a_score_is_explained_by_its_parts(
    conversation: Conversation, demo: UUID, question: str, head: str, part: str
) -> None:
    answer = await said(conversation, demo, question.format("C0000587"))
    assert head.format("C0000587") in answer.text
    assert part in answer.text
    assert [line.tool for line in answer.evidence] == ["customer_profile"]
    assert answer.withheld == []


async def test_she_is_the_customer_before(conversation: Conversation, demo: UUID) -> None:
    answer = await said(conversation, demo, "tell me about customer C0000587", "why is she so price sensitive?")
    assert "The price sensitivity score of customer C0000587 is" in answer.text


async def test_who_is_still_a_customer_the_churn_score_alone_says(
    conversation: Conversation, demo: UUID, database: Database
) -> None:
    """The value model's probability of being alive is an ingredient, and shown beside no churn score."""
    from sqlalchemy import text

    query = "select count(*) filter (where status = 'active') active, count(*) filter (where status = 'left') gone"
    with database.transaction(demo) as connection:
        states = connection.execute(text(f"{query} from churn_scores")).one()
        left = connection.execute(
            text("select external_id from customer_facts where churn_status = 'left' and next_purchase_at is not null")
        ).scalar()
    active = await said(conversation, demo, "how many active customers do we have?")
    assert f"**{states.active:,} customers**" in active.text
    lost = await said(conversation, demo, "how many customers have we lost?")
    assert lost.text.startswith(
        f"**{states.gone:,} customers count as having left**; {states.active:,} are still active"
    )
    again = await said(conversation, demo, f"when will customer {left} buy again?")
    assert again.text.startswith(f"**Customer {left} counts as having left**")
    for question in (f"tell me about customer {left}", "who will buy in the next 14 days?"):
        assert "alive" not in (await said(conversation, demo, question)).text


async def test_buyers_of_a_product_are_found_and_written_to(conversation: Conversation, demo: UUID) -> None:
    found = await said(conversation, demo, "customers who bought the Nordic Soap since last summer")
    assert "bought “nordic soap” since 2025-06-01" in found.text
    assert "Product 'nordic soap' stands for Nordic Soap." in found.text
    assert found.withheld == []
    campaign = await said(
        conversation, demo, "customers who bought Books in the last 90 days", "launch a campaign at them"
    )
    (made,) = campaign.proposals
    assert made.proposal["campaign_kind"] == "category_promotion"
    assert made.proposal["audience"]["count"] > 0
    unknown = await said(conversation, demo, "customers who bought the velvet unicorn soap")
    assert "no product is called 'velvet unicorn soap'" in unknown.text


async def test_the_best_products_are_goods(conversation: Conversation, scored_retail: UUID) -> None:
    answer = await said(conversation, scored_retail, "what are our best products?")
    assert answer.text.startswith("**REGENCY CAKESTAND 3 TIER** has the highest revenue")
    assert "Left out of rankings of products, not of totals" in answer.text
    assert "DOTCOM POSTAGE" in answer.text
    assert answer.withheld == []


async def test_one_step_from_the_value_at_risk_to_a_proposal(conversation: Conversation, demo: UUID) -> None:
    for question in ("which segments hold the most value at risk?", "who is likely to leave in the next 60 days?"):
        answer = await said(conversation, demo, question, "launch a campaign at them")
        (made,) = answer.proposals
        assert made.proposal["status"] == "pending"
        assert made.proposal["audience"]["count"] > 0
        assert "Nothing is sent until you press Approve" in answer.text
