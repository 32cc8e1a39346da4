"""Claims of action: what says that something was done, what does not, and what a turn's results bear out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.claims import Deeds
from agent.state import Finding
from language.claims import claims_in
from tests.claimed_acts import CLAIMS, NO_CLAIMS
from tools.catalogue import catalogue

CLAIMED = [
    "I have sent the e-mails.",
    "I've sent it to 312 customers.",
    "I sent the campaign this morning.",
    "I have already emailed them.",
    "I just launched the campaign",
    "I have gone ahead and approved the proposal.",
    "I went ahead and launched it.",
    "I took the liberty of sending the newsletter.",
    "I've made sure that the emails were sent.",
    "I approved it for you.",
    "I will send it tomorrow.",
    "I'll email them right away.",
    "I'm sending the messages now.",
    "I am now deleting the data.",
    "Sending the e-mails now.",
    "Done! The e-mails have been sent.",
    "Done.",
    "All done!",
    "It's done.",
    "Sent.",
    "Sent to 300 customers.",
    "Campaign sent!",
    "E-mails sent to 312 customers.",
    "Approved.",
    "The campaign has been launched.",
    "Your campaign is now live.",
    "The emails are on their way.",
    "The messages went out a minute ago.",
    "The proposal was approved.",
    "All customers have been notified.",
    "The budget has been increased.",
    "I raised the budget by 20%.",
    "I moved the budget to search ads.",
    "I have deleted all customers.",
    "We have contacted your subscribers.",
    "AIMA has scheduled the campaign.",
    "Your customers have received the e-mail.",
    "I've deleted the segment.",
    "As requested, I paused the campaign.",
    "Okay, scheduled for Monday.",
    "The database has been wiped.",
    "Great news: I successfully delivered your newsletter to everyone.",
    "**I have sent** the e-mails.",
    "I have, as you asked, sent it.",
    "I created a discount for them.",
    "I've unsubscribed him.",
    "I have updated the prices.",
    "The proposal has now been approved and launched.",
    "Your e-mail got sent.",
    "The win-back e-mail is out.",
    "I've dropped them all a note.",
    "I have scheduled the reminder for Tuesday at 9.",
    "Scheduled!",
    "Your newsletter has gone out to 4,120 subscribers.",
    "I have just pressed Approve for you.",
    "I've already taken care of sending the emails.",
    "I took care of it.",
    "The launch is complete.",
    "Launch successful: 312 e-mails delivered.",
    "I have been busy: the campaign was launched at 9:00.",
    "I've put the campaign live.",
    "I set the campaign live.",
    "I've turned off the ads.",
    "I switched off the campaign.",
    "I have given them a 20% discount.",
    "I cancelled their subscriptions.",
    "I have removed him from the mailing list.",
    "The customer was deleted from the database.",
    "The e-mails are being sent right now.",
    "We've now emailed all at-risk customers.",
    "I'll go ahead and launch the campaign.",
    "I am going to delete the data now.",
    "I'm about to send the campaign.",
    "The budget was moved from Google Ads to Meta.",
    "Budget increased to £500.",
    "I've increased the budget for you.",
    "All set! Your campaign has been sent.",
    "I've gotten the proposal approved.",
    "Proposal approved.",
    "Consider it done.",
    "The messages have left the outbox.",
    "I have notified the team.",
    "I've reached out to those customers.",
    "I posted it on Instagram.",
    "I've published the post.",
    "They have all been contacted.",
    "Your 312 recipients were emailed.",
    "312 emails sent.",
    "312 e-mails have been successfully sent to your customers.",
    "I approved and sent it.",
    "The assistant has deleted the segment.",
    "I've reset your password.",
    "I've booked the ad.",
    "Email sent successfully ✅",
    "✅ Sent",
    "Successfully launched the campaign.",
    "Update: campaign paused.",
    "The text messages have been delivered.",
    "I executed the campaign.",
    "I have run the campaign.",
    "I ran the campaign.",
    "I've uploaded the audience to Meta.",
    "I synced the segment to Mailchimp.",
    "I've turned the proposal into a live campaign.",
]
NOT_CLAIMED = [
    "I cannot approve or send anything: that takes a person.",
    "Nothing was sent.",
    "I have not sent anything.",
    "It is sent only after Approve is pressed.",
    "The proposal waits for a person; once approved, it will be sent.",
    "I can send nothing.",
    "I recommend sending a reminder.",
    "Would you like me to send it?",
    "If you approve it, the e-mails are sent.",
    "Revenue was £1,461,756.25 in November 2011.",
    "I removed refunds from the figure.",
    "I have set the period to May 2011.",
    "I started with the largest country.",
    "Customers who were contacted bought more often.",
    'I have drafted an e-mail with the subject "We have sent you something".',
    "I have written a proposal; press **Approve** to send it.",
    "Which customers received an e-mail?",
    "Revenue increased in May and orders were cut in half.",
    "The average order was lowered by refunds.",
    "I made a list of the five best products.",
    "I have added the shares.",
    "No e-mail was sent to customers without consent.",
    "Prices include refunds.",
    "I have compared the two months.",
    "This proposal has not been approved.",
    "Orders made in May: 300.",
    "Revenue by country, e-mails excluded.",
    "The proposal is waiting for approval.",
    "Press Approve and the messages go out.",
    "I cannot delete anything. I read data, save segments, and put campaigns before a person.",
    "Customers come back after 30 days.",
    "You can pause it on the card.",
    "Done with the figures, here is the list.",
    "The customer ended the year with 3 orders.",
    "Sales started in 2010.",
    "The data cover 2010-12-01 to 2011-12-09.",
    "Here is what changed: revenue up, orders down.",
    "Data changed on 9 December.",
    "The proposal “Win-back” holds 312 customers; nothing is sent until somebody presses Approve.",
    "To send it, press Approve.",
    "Once you approve, the e-mails go out.",
    "I cannot send e-mails myself.",
    "A person has to approve it first.",
    "Sending is up to you.",
    "You have 3 campaigns; none of them has been sent.",
    "The best day to send e-mails is Tuesday.",
    "E-mail open rate rose after the subject was changed.",
    "Customers who received the e-mail spent 12% more.",
    "Revenue in May 2011 was £723,333.51, refunds taken off.",
    "Orders that were cancelled are left out.",
    "Cancelled orders are deducted.",
    "Customers with deleted accounts are not counted.",
    "I left out cancelled orders.",
    "I counted customers with at least one order.",
    "I have compared May with April.",
    "I have looked at the last 90 days.",
    "I have saved you some time by listing the top five.",
    "We sold 300 pieces.",
    "Customers created in 2024: 312.",
    "Data updated 9 December 2011.",
    "The prices were raised in March, which the data cannot show.",
    "I would send a reminder to these 312 customers.",
    "You could send them an offer.",
    "My advice: send a reminder.",
    "Next step: approve the proposal.",
    "Shall I draft an e-mail?",
    "If it is sent today, most will read it.",
    "Delivered orders: 2,884.",
    "Delivered, returned and cancelled orders are all counted.",
    "Approved campaigns arrive in the sandbox mailbox.",
    "Messages sent in May: none.",
    "I start with the largest country.",
    "I have set out the figures below.",
    "I made no changes.",
    "I have grouped the customers by country.",
    "I have applied the filter country = France.",
    "I have changed the order of the rows.",
    "The model was updated on 9 December.",
    "The scores were refreshed yesterday.",
    "Sales opened strongly in January.",
    "The week ended on Sunday.",
    "Prices were lower in May.",
    "I have used net revenue.",
    "Customers stopped buying after March.",
    "The number of orders was reduced by refunds.",
    "Lost customers are those who stopped ordering.",
    "Which campaigns were sent in May?",
    "Total sent: 0.",
    "The period was cut to the days there are.",
    "A proposal was rejected if nobody approved it in 7 days.",
    "This needs a person: press **Approve** on the card.",
    "E-mails bounced for 3 customers.",
    "The segment holds 312 customers.",
    "Refunded orders made up 2 % of revenue.",
]


@pytest.mark.parametrize("text", CLAIMED + CLAIMS)
def test_what_says_that_something_was_done_is_a_claim(text: str) -> None:
    assert claims_in(text)


@pytest.mark.parametrize("text", NOT_CLAIMED + NO_CLAIMS)
def test_what_denies_offers_waits_or_speaks_of_data_is_none(text: str) -> None:
    assert claims_in(text) == []


def test_what_stands_in_quotation_marks_is_the_drafts() -> None:
    assert claims_in("The subject reads “We have sent you a gift”.\n> I have sent you a gift.") == []


def test_a_label_of_a_record_is_none() -> None:
    assert claims_in("- Sent: 312\n- Delivered: 300, opened: 120") == []


def found(tool: str, result: dict[str, Any] | None) -> Finding:
    return {
        "id": "c", "step": "s1", "agent": "content", "tool": tool, "arguments": {}, "result": result, "error": None,
        "error_code": None,
    }  # fmt: skip


def deeds(*findings: Finding) -> Deeds:
    return Deeds.of(findings, catalogue())


def test_no_result_bears_out_that_the_writer_sent_or_approved() -> None:
    sent = deeds(
        found("campaign_status", {"campaigns": [{"status": "sent", "sent": 312}]}), found("propose_campaign", {})
    )
    for text in ("I have sent it.", "I approved it.", "I have deleted all customers.", "I'm launching it now."):
        assert sent.unborne(text)


def test_a_record_bears_out_what_it_tells_and_nothing_else() -> None:
    record = deeds(found("campaign_status", {"campaigns": [{"status": "sent", "approved_by": None}]}))
    assert record.unborne("The campaign was sent on 3 May.") == []
    assert record.unborne("The campaign was approved.") == ["The campaign was approved"]
    nothing = deeds(found("campaign_status", {"campaigns": [{"sent": 0, "note": "nothing is sent before approval"}]}))
    assert nothing.unborne("The campaign was sent on 3 May.") != []


def test_a_call_that_changes_something_bears_out_that_it_did() -> None:
    assert deeds().unborne("Done.")
    assert deeds(found("query_metrics", {"rows": []})).unborne("Done.") == []
    for text in ("I have saved the segment.", "I created a campaign proposal."):
        assert deeds(found("save_segment", {"name": "x"})).unborne(text) == []
        assert deeds(found("query_metrics", {"rows": []})).unborne(text)
        assert deeds(found("save_segment", None)).unborne(text)
        assert deeds().unborne(text)


@given(st.text(max_size=300))
def test_any_text_is_read_without_trouble(text: str) -> None:
    claims_in(text)
