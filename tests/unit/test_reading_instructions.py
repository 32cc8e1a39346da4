"""What only a person can do is said to be so, in any wording; nothing is done that was not asked."""

from __future__ import annotations

import pytest

from language.claims import claims_in
from language.instructions import INSTRUCTIONS, Instruction, instruction
from tests.unit.offline_scene import CATALOGUE, calls, converse, read_question, scene

SAID = {each.name: each.said for each in INSTRUCTIONS}
TOLD = {
    "approve": (
        "approve it",
        "ok approve them all for me",
        "please approve the second one",
        "go ahead and send it",
        "could you just launch the campaign now",
        "sign off the winback mail",
        "yes do it",
        "send now",
        "approve everything that is waiting, I am in a hurry",
        "go ahead with the mailing",
        "launch proposal number 2",
    ),
    "reject": ("reject the first proposal", "turn down that campaign, too pushy", "please discard the draft"),
    "delete": (
        "delete all customers",
        "delete customer 17850, gdpr request",
        "please erase all data about jane@example.com",
        "wipe the order history",
        "forget customer 12345",
    ),
    "unsubscribe": (
        "unsubscribe customer 17850",
        "take 17850 off the mailing list",
        "never email jane@example.com again",
        "17850 does not want our newsletter any more",
        "remove 12345 from the newsletter please",
    ),
    "budget": (
        "raise the ad budget by 20 percent",
        "cut our spend in half",
        "move 500 euros from store to web",
        "can you set the budget to 3000",
    ),
    "stop": (
        "pause the ads please",
        "switch off the web ads",
        "cancel the mailing",
        "resume all newsletters",
        "I want you to stop every campaign that runs",
        "stop the facebook ads",
    ),
    "other channel": (
        "call the top 10 customers",
        "post something nice on instagram",
    ),
    "schedule": ("schedule it for monday 9 am", "email me this report every monday", "remind me tomorrow"),
    "watch": ("alert me when revenue drops by 10 %", "set up an alert for refunds", "turn off the alerts"),
    "shop": (
        "raise the price of the blue vase by 5 %",
        "refund order 1042",
        "give customer 17850 a voucher of 20 pounds",
        "cancel order 536365",
    ),
    "offer": ("create a discount code for the champions", "create a voucher code"),
    "rename": ("rename segment kitchen fans to cooks", "merge the segments 'a' and 'b'"),
    "settings": ("add a user for my colleague", "reset my password", "change the language to german"),
}
NOT_TOLD = (
    "should we stop the video ads?",
    "is it time to end video ads",
    "what is waiting for approval",
    "should I give customer 17850 a discount",
    "give me the number of orders each month",
    "show revenue every month in 2011",
    "export the champions",
    "write an email to customers in Germany",
    "launch a win-back campaign for customers silent for 90 days",
    "send a newsletter to the champions",
    "change the subject to 'Stop the ads'",
    "how many orders were cancelled",
    "add the share of each country",
    "drop the canceled orders from that",
    "call it Big Brits",
    "take only Germany",
)


@pytest.mark.parametrize(("name", "told"), [(name, told) for name, every in TOLD.items() for told in every])
def test_what_is_told_and_cannot_be_done_is_said_and_nothing_is_called(name: str, told: str) -> None:
    readings = read_question(told, scene())
    assert not [call for reading in readings for call in reading.calls]
    assert {reading.said for reading in readings} == {SAID[name]}


@pytest.mark.parametrize("question", NOT_TOLD)
def test_what_is_asked_is_no_instruction(question: str) -> None:
    assert instruction(question, scene()) is None


def test_no_declared_phrasing_is_an_instruction() -> None:
    told = scene()
    phrasings = {
        phrase for tool in CATALOGUE.tools.values() for request in tool.questions for phrase in request.phrasings
    }
    assert not {phrase: said for phrase in phrasings if (said := instruction(phrase, told))}


def test_an_approval_told_after_the_proposals_were_listed_marks_nothing() -> None:
    _, approved = converse("which proposals are waiting", "ok approve them all for me")
    assert [reading.said for reading in approved] == [SAID["approve"]]


def test_a_campaign_that_is_to_go_at_once_is_proposed_and_left_to_a_person() -> None:
    told = "launch a win-back mail to everyone silent for 90 days who spent more than 100. do it now."
    assert [tool for tool, _ in calls(told)] == ["propose_campaign"]
    assert SAID["approve"] in [reading.said for reading in read_question(told, scene())]


@pytest.mark.parametrize("each", INSTRUCTIONS, ids=lambda each: each.name)
def test_what_is_said_to_an_instruction_claims_nothing_to_be_done(each: Instruction) -> None:
    assert claims_in(each.said) == []
