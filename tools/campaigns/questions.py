"""How people ask for campaigns: to propose and to change one, how it is doing, what waits, what arrived."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from language.requests import Answerable, Noted, Request
from language.rules import asked_rule, joined, previous_rule
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.asked import LIST, unclear
from tools.audience.wording import rule_words
from tools.campaigns.addressee import everybody_asked, unknown_addressee
from tools.campaigns.appointment import appointed
from tools.campaigns.copywriting import campaign_kind, wording

__all__ = ["CAMPAIGN", "CAMPAIGN_STATE", "MAILBOX", "PROPOSALS", "REVISE"]

_NO_HOLDOUT = r"\b(?:no|without(?: a)?) (?:holdout|control)"
_HOLDOUT = (
    r"(\d+) ?% (?:as |for )?(?:an? |the )?(?:holdout|control|kept back)"
    r"|(?:holdout|control group|kept back|(?:hold|keep)(?:ing)? back) (?:of |to )?(\d+) ?%"
)
_QUOTED_SEGMENT = (
    r"\b(?:segment|group|cluster) <quoted>|<quoted> (?:segment|group|cluster|customers?|people|shoppers?|buyers?)"
    r"|\b(?:to|for|at|email|contact|target) (?:the |our |my )?<quoted>"
)
_TOPIC = r"\babout (?:(?:the|our|new|all) )*<value>"
_SMS = r"\b(?:sms|text messages?|texts?(?= (?:to|for|the|them|all|our|every))|by text)\b"
_AGREED_TO_SMS = (  # of the customers, and no word on how to write to them
    r"\b(?:agreed|agree|consent\w*|opted|opt|signed up|subscribed|said yes|accept\w*|allow\w*|permission)(?: \w+){0,2}"
    r" (?:sms|text messages?|texts?)\b|\bsms[- ](?:consent|opt|subscri|permission)\w*"
)
_WHEN = r"(?<!for )(?<!about )<(?:period|when|horizon)>"
_NO_TIME = (
    "I set no time: sending starts when a person approves the draft. A day and a time of day set one, such as"
    " “tomorrow at 9”."
)
_NEW = {"field": "days_since_first_order", "operator": "le", "value": 30}  # told on the card as that
_TO_NEW = (
    r"\b(?:to|for|at) (?:our |all |the |my )*(?:new|newly won|first[- ]time) (?:customers|buyers|clients|shoppers)\b"
    r"(?! (?:who|that|won|of|from|since|in (?:the )?(?:last|past|19|20|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)))"
)
_WRITES = (  # without any of these nobody asked for a message
    r"\b(?:e-?mail\w*|mail\w*|sms|texts?|texting|messag\w*|campaign\w*|newsletter\w*|writ\w*|draft\w*|compos\w*|send\w*"
    r"|propos\w*|offer\w*|coupons?|vouchers?|discounts?|off|contact\w*|remind\w*|thank\w*|invit\w*|notif\w*|announc\w*"
    r"|greet\w*|tell|letters?|blast\w*|words?|target\w*|promo\w*|inform\w*|re-?engag\w*|reactivat\w*"
    r"|prepare something|in touch|a line|let .* know|(?:win)?back|reach out)\b"
)
_EVERYBODY = {channel: {"field": f"consent_{channel}", "operator": "eq", "value": True} for channel in ("email", "sms")}
_OTHER_LANGUAGE = (
    r"\bin (?:german|french|spanish|italian|dutch|polish|portuguese|swedish|danish|norwegian|finnish|czech|turkish"
    r"|russian|greek|hungarian|romanian|ukrainian|arabic|hebrew|hindi|chinese|japanese|korean)\b"
)
_ENGLISH = (
    "Without a language model I write in English only. Ask for the draft without a language and put your own words in "
    "on its card, or connect a model on the page Settings."
)
_AGAINST_CONSENT = (
    r"\b(?:regardless of|whether or not|no matter (?:if|whether)|ignor(?:e|ing)|despite|forget(?: about)?)\b"
    r".*\b(?:consent|permission|opt(?:ed)?[- ]?(?:in|out)|unsubscrib\w+|agreed|suppress\w+)\b"
    r"|\b(?:including|include|even|also|with and)\b"
    r".*\b(?:(?:without|no|not|never)\b.*\b(?:consent|permission|opt(?:ed)?[- ]?in|agreed)"
    r"|unsubscribed|opted[- ]?out|suppressed)\b"
)
_CONSENT = (
    "I write only to those who agreed to it and have not unsubscribed; nobody can have that passed over. Ask again "
    "without it, and the card shows how many can be reached."
)
_OR_NEW = r"\b(?:or|and) (?:the )?new(?: ones| customers| buyers| clients)?(?=[?.!, ]*$)"
_ONE_GROUP = (
    "One draft goes to one group: new customers are another one. Ask for a campaign to each of them, or describe them "
    "all by one condition."
)
_CHANGED = {"subject": "subject", "preview": "preview_text", "name": "name", "body|text|message": "body_text"}


def campaign(slots: Slots, scene: Scene) -> Answerable:
    """Propose an e-mail or SMS campaign to the customers named, or to "them"."""
    if slots.conditions.unclear:
        return unclear(slots)
    if slots.has(_OTHER_LANGUAGE):
        return _ENGLISH
    if slots.has(_AGAINST_CONSENT):
        return _CONSENT
    if slots.has(_OR_NEW):
        return _ONE_GROUP
    if re.search(_TOPIC, slots.text):  # "about garden tools": what it says, not whom it is for
        slots = replace(slots, filters=[f for f in slots.filters if f["dimension"] != "category"])
    rule = asked_rule(slots)
    if slots.has(_TO_NEW):
        rule = joined(_NEW, rule)
    segment = _named_segment(slots, rule)
    if rule is None and segment is None and slots.customer:
        rule = {"field": "email" if "@" in slots.customer else "customer_id", "operator": "eq", "value": slots.customer}
    if rule is None and segment is None:
        unnamed = _unnamed(slots, scene)
        if isinstance(unnamed, str):
            return unnamed
        rule = unnamed
    kind = campaign_kind(slots, rule, segment)
    draft = wording(kind, slots, audience=segment or ("everybody" if rule in _EVERYBODY.values() else rule_words(rule)))
    whom = {"segment": segment} if segment else {"rule": rule}
    arguments: dict[str, Any] = {"name": draft.name, "kind": kind, **whom}
    arguments |= {"subject": draft.subject, "preview_text": draft.preview_text, "body_text": draft.body_text}
    if re.search(_SMS, re.sub(_AGREED_TO_SMS, " ", slots.plain)):  # it has no subject
        arguments = {name: v for name, v in arguments.items() if name not in ("subject", "preview_text")} | {
            "channel": "sms"
        }
    arguments |= _holdout(slots)
    if at := appointed(slots.plain, scene.now):
        return [Call("propose_campaign", arguments | {"send_at": at.isoformat(timespec="minutes")})]
    calls = [Call("propose_campaign", arguments)]
    return Noted(calls, _NO_TIME, short=False) if _is_timed(slots, rule) else calls


def _is_timed(slots: Slots, rule: dict[str, Any] | None) -> bool:
    """A time is said that is none of the customers: when to send it. "For Easter" is what it is about."""
    days = [str(day) for p in slots.periods for day in (p.start, p.end) if day]
    return re.search(_WHEN, slots.text) is not None and not any(day in str(rule) for day in days)


def _holdout(slots: Slots) -> dict[str, Any]:
    """The share that is kept back, where it is said."""
    if slots.has(_NO_HOLDOUT):
        return {"holdout_share": 0}
    match = re.search(_HOLDOUT, slots.plain)
    return {"holdout_share": int(match[1] or match[2]) / 100} if match else {}


def _unnamed(slots: Slots, scene: Scene) -> dict[str, Any] | str:
    """Everybody or "them"; a question back where words for whom are not understood, or nobody was spoken of."""
    before = previous_rule(scene)
    if unknown := unknown_addressee(slots):
        them = ", or say “them” for those spoken of before" if before else ""
        return (
            f"I know no customers called “{unknown}”. Give the name of a segment as it is listed (ask “show me the "
            f"segments”), best in quotation marks, or describe the customers{them}."
        )
    if everybody_asked(slots):
        return _EVERYBODY["sms" if slots.has(_SMS) else "email"]
    return before or (
        "Whom should it go to? I draft an email or an SMS, and it goes out when a person approves it on its card. "
        "Name a segment or describe the customers, for example “Write an email to all customers” or “Write an SMS to "
        "customers who bought only once”."
    )


def _named_segment(slots: Slots, rule: dict[str, Any] | None) -> str | None:
    if rule and rule.get("field") == "rfm_segment" and rule.get("operator") == "eq":
        return str(rule["value"])
    if rule is None and slots.quoted and slots.has(_QUOTED_SEGMENT):
        return slots.quoted[-1] if slots.has(r"subject") else slots.quoted[0]
    return None


def revise(slots: Slots, scene: Scene) -> Answerable:
    """Change the latest proposal."""
    proposed = scene.last_of("propose_campaign", "revise_proposal")
    latest = (proposed.result or {}).get("proposal", {}).get("id") if proposed else None
    identifier = slots.identifier or latest
    if not identifier:
        return "There is no proposal in this conversation to change. Ask for the proposals that are waiting first."
    changes = _changes(slots)
    if not changes:
        return "What should change? Say for example: change the subject to 'Something new for you'."
    return [Call("revise_proposal", {"proposal_id": identifier, **changes})]


def _changes(slots: Slots) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    text = slots.quoted[0] if slots.quoted else _after_to(slots.original)
    if text and (field := next((f for word, f in _CHANGED.items() if slots.has(rf"\b(?:{word})\b")), None)):
        changes[field] = text
    return changes | _holdout(slots)


def _after_to(text: str) -> str | None:
    match = re.search(r"\b(?:to|:)\s+(.+)$", text)
    return match[1].strip().strip("'\".") if match else None


def campaign_state(_slots: Slots, _scene: Scene) -> Answerable:
    """The campaign launched last."""
    return [Call("campaign_status", {})]


def proposals(slots: Slots, _scene: Scene) -> Answerable:
    """Proposals, by state."""
    for status in ("approved", "rejected", "superseded"):
        if slots.has(rf"\b{status}\b"):
            return [Call("list_proposals", {"status": status})]
    waiting = slots.has(r"\b(?:waiting|pending|open|approve|outstanding|decide)\b")
    return [Call("list_proposals", {"status": "pending"} if waiting else {})]


def mailbox(slots: Slots, _scene: Scene) -> Answerable:
    """The sandbox mailbox."""
    recipient = {"recipient": slots.customer} if slots.customer and "@" in slots.customer else {}
    return [Call("mailbox", {"limit": slots.limit or LIST, **recipient})]


REVISE = Request(
    "revise",
    """
        change the subject to 'Hello again' | make the subject shorter | edit the proposal | use another subject line |
        set the holdout to 20 % | change the subject line to 'We miss you' | change the subject | rewrite the text |
        can you change the subject of that e-mail | I don't like the subject, make it 'A little something for you' |
        subject should be 'Spring is here' | give it the subject 'Just for you' | a different subject line please |
        use 'Come back soon' as the subject instead | new subject: Fresh from the workshop | make the text shorter |
        rewrite the body of the email | make the message friendlier | edit the message | edit the draft |
        replace the body with 'Dear customer, we have news' | change the draft before I approve it | tweak the email |
        revise the proposal | amend the proposal | update the proposal with a 15 % holdout | chnage subject to 'Hello' |
        change the preview text to 'Only this week' | add a preview line 'See what is new' | modify the last proposal |
        the preview text should read 'New in the shop' | rename the campaign to 'Autumn hello' | increase the holdout |
        call the campaign 'Summer return' instead | change the name of the proposal | set the holdout to 5 percent |
        no control group for this one please | drop the holdout from the proposal | use a control group of 20 % |
        make the control group bigger, 25 % | keep back 10 % in that campaign | change the text of the email |
        tone it down a bit in the mail you drafted | swap the subject for 'Your next favourite' | rename the proposal |
        could you please correct the subject, it has a typo | the text of the draft is too long, shorten it |
        I want other words in the message you proposed | put 'Thank you' in the subject line of the proposal |
        change the message to something warmer | shorten the text of the email | make the text of the mail friendlier |
        replace the text with 'We have news for you' | set the control group to 15 % | change the name of the campaign
    """,
    revise,
    free=True,
    near_misses="""
        change my password | change the subject, let's talk about football | rename the file | revise for the exam |
        change the price of the red mug | change the logo in the header | update the shipping address |
        edit order 536365 | change the campaign budget to 5000 | shorten this link |
        set the language to German | approve the changes | subject to approval by the bank |
        change the sender's bank details
    """,
)
CAMPAIGN = Request(
    "campaign",
    """
        write them an e-mail | launch a campaign at them | write an email to the loyal customers in Germany |
        propose a win-back campaign for customers silent for 90 days | draft an email to the champions |
        send a message to customers who bought only once | start a re-engagement campaign | email the champions |
        create a newsletter for our best customers | win them back | contact them | can you email those customers |
        prepare a mailing | email everyone who bought in the last month | email customers who spent over 500 |
        mail the lapsed ones | write to the customers who abandoned their basket | write a mailing for one-time buyers |
        write to people who have not ordered since May | write something nice to our vips | write a win-back email |
        draft a newsletter | draft a campaign for the weekend shoppers | draft a thank you email to our top customers |
        draft an offer of 10 % off for the at risk customers | compose an email to new customers | create a campaign |
        compose a message to buyers of the teapot | prepare an email campaign for customers in France | re-engage them |
        prepare a newsletter for everybody with consent | create a campaign for people likely to leave |
        prepare something for the hibernating ones that brings them back | set up a campaign for the promising segment |
        create an email with 15 percent off for customers overdue | create a re-engagement mail for silent customers |
        set up a mailing with free shipping for basket abandoners | plan a campaign for the need attention customers |
        design an email campaign for discount hunters | propose a campaign for high risk customers | campaign for them |
        propose an email to all customers | suggest a mail to customers who bought candles and write it |
        launch a win-back campaign | launch a campaign for the segment 'Quiet' | do a mailing to everybody |
        start a campaign to reactivate old customers | run a promotion by email for garden buyers | send them an email |
        run an email campaign to second-time buyers | do a mailshot to our Spanish customers | message these customers |
        mailshot to lapsed accounts | e-blast to the loyal segment | send them a discount of 20 % |
        send a thank you to our best clients | send an email to customers without an order for half a year |
        send a newsletter to people who opened our last mail | send customer 17850 an email | thank our vips by mail |
        send out a mailing about the new collection to category fans | send our regulars an early access mail |
        send a personal note to jane@example.com | message everybody who has not come back after the first order |
        contact those customers by email | contact the at risk group with an offer | reach out to the big spenders |
        get in touch with customers we have not seen for 90 days | reach out to them with a voucher | drop them a line |
        ping the sleepers with a nice email | let them know that we have something new | win back the lost customers |
        tell our loyal customers about the sale by email | announce the summer sale to all subscribers |
        invite the champions to the preview by email | remind people of their full cart by email |
        remind overdue customers to reorder | reward the top 50 customers with an email offer | win these people back |
        offer them free delivery by email | offer the lost customers 10 % off | write a mail with 15 % off |
        a newsletter to everybody | write to the loyal customers | write to our oldest clients |
        an email with 20% off please | text with 10 % off | bring them back with an email |
        reactivate the dormant clients by mail | re-engage customers who have gone quiet | target them with a campaign |
        target customers in Italy who bought twice | campaign at the high value customers at risk |
        campaign to customers with a health score below 40 | an email for those please | let's do a campaign for them |
        email copy for a win-back to lost customers | newsletter for our repeat buyers with no holdout |
        a mailing with a 20 % control group to the loyal ones | I want to email our Swedish customers |
        could you please write a friendly e-mail to all customers who have not bought for six months |
        can you put together a mail for people who only ever bought in the sale | lets mail the champions a thankyou |
        I'd like to start a campaign at the customers who might leave | make them an offer by mail |
        I need a mail to the one-time buyers by tonight, draft it | pls write email to custmers who not buy 60 days |
        we should write to those who stopped opening our emails, prepare it | make a promo for teapot buyers |
        make mail for clients of France with 10 % discount | act on it, email the customers who are leaving |
        how about an email to everyone who left a basket this week, go ahead and draft one | reactivation campaign |
        I have a coupon for free shipping and want to mail it to the vips | they should get an e-mail from us |
        write an email to customers who bought in December telling them about new arrivals | mailshot to the champions |
        personalised mail to loyalists | campaign to buyers of garden furniture |
        campaign for loyal customers in Spain | newsletter for our loyal customers in France |
        newsletter to everyone who has agreed to mails |
        launch a campaign for Easter | start a campaign for the holidays | set up a mailing for Black Friday |
        propose a campaign to people with a boat | plan a campaign for Valentine's day | launch a campaign |
        win back the candle people | win back the tea lovers |
        propose a campaign to customers with brown eyes | propose a campaign to people who own a car |
        propose something for shoppers with big families |
        write an sms to the lost customers | send a text message to customers in France | text our champions about it |
        draft an sms for people who bought once | an sms campaign to the loyal customers | write an sms to everybody |
        send everyone a text message
    """,
    campaign,
    unless=r"^(?:please |and |now )*(?:show|list|display|count|export|who|which|how many"
    r"|(?:give|get|find|pull|name) (?:me )?(?:all |the |those )*(?:people|customers|clients|buyers|ones|names))\b"
    r"(?!.*\b(?:campaigns?|drafts?|write|mailings?|messages?)\b)"
    r"|^(?:please |and |now )*(?:save\b|put .*\b(?:group|segment|list)\b)"
    r"|\b(?:emails?|mails?) or (?:an? )?(?:sms|texts?)\b"
    r"|^(?:all |the )*(?:e?mails?|addresses|email addresses) of (?:everyone|everybody|all|the|our|those|customers)\b"
    rf"|^(?!.*(?:{_WRITES}))",
    free=True,
    near_misses="""
        send it now | send it without approval | approve and send | launch it | write a blog post about our brand |
        write a Facebook ad | create a Google ads campaign | write an Instagram post | post it on LinkedIn |
        write a press release | write a job advert | send an email to my boss | email the invoice to the accountant |
        write an email to our supplier about the late delivery | send me the list by e-mail |
        increase the budget of the Facebook campaign | election campaign |
        write a product description for the teapot | make a TikTok video
    """,
)
CAMPAIGN_STATE = Request(
    "campaign_state",
    """
        how is the campaign doing | how far is sending | campaign status | how many messages were sent | did it send |
        is the campaign finished | did the emails go out | what happened to the campaign | how far has the mailing got |
        is the campaign still running | how far along is the campaign | progress of the mailing | campaign progress |
        progress of the campaign | status of the last campaign | status of the mailing | where does the campaign stand |
        what's the state of the win-back campaign | is it all sent | has everything been sent | did the mailing go out |
        have all e-mails gone out | did the campaign start | when did sending start | how many mails are out |
        how many messages are still waiting | how many messages are left to send | how many mails failed |
        how many recipients were skipped | why were some recipients skipped | why did some messages fail |
        which messages failed | were there errors while sending | any delivery problems in the campaign |
        are any deliveries unknown | has sending finished | is sending complete | is the newsletter still going out |
        how's the sending going | sending status | delivery status of the campaign | is mailing already finish |
        sent, waiting, failed for the campaign | I approved the campaign an hour ago, has it been sent |
        what became of the campaign I approved | what is happening with the campaign | campain status pls |
        could you check whether the mails have left | how many went out so far | is the mailing still going out |
        are the e-mails out yet | have the emails been delivered | were all messages delivered | how is sending going |
        what is the status of the campaign I launched | did the campaign go out | state of the campaign
    """,
    campaign_state,
    near_misses="""
        where is my parcel | did the invoice go out | did you send the contract | campaign finance law | stop sending |
        how is the Facebook campaign pacing against its budget | resend the failed messages | send a test email to me |
        pause sending until tomorrow | status of my job application | is the mail server running |
        has the post been delivered today | how is the presidential campaign going |
        why did my e-mail to the supplier bounce
    """,
)
PROPOSALS = Request(
    "proposals",
    """
        which proposals are waiting | list the proposals | what is waiting for approval | show pending proposals |
        rejected proposals | what did we propose | is there anything to approve | list all proposals | proposals |
        show me the proposals | open proposals | proposals pending | pending approvals | approvals | approval queue |
        show the approval queue | what needs to be approved | what needs approving | what do I have to approve |
        what do I have to decide on | what is there to sign off | anything to sign off | drafts waiting for me |
        which campaigns are waiting for sign-off | which campaigns await approval | campaigns waiting to be approved |
        campaigns that are not approved yet | which drafts are there | show my drafts | is there a proposal open |
        any proposals outstanding | outstanding proposals | which proposals were approved | approved proposals |
        approved campaigns | which proposals have been rejected | what did we turn down | superseded proposals |
        what was rejected and by whom | old proposals | all the proposals we have made so far | history of proposals |
        what have you proposed lately | which campaigns did you propose to us | show me what is lined up |
        could you please list what is waiting for a decision | I have ten minutes, what should I approve |
        proposls waiting | what are the proposition to approve | to-do list of approvals |
        proposals waiting for a decision | which proposals need my approval | what is in the approval queue |
        which proposals did we reject | what campaigns are waiting for my approval | campaigns waiting for a decision
    """,
    proposals,
    near_misses="""
        approve the proposal | approve all of them | reject the proposal | delete the proposal | marriage proposal |
        project proposal template | business proposal for a bank loan | proposal from our supplier | pending payments |
        who may approve campaigns | give me the right to approve | approve my holiday request | pending orders |
        open invoices | holiday approvals waiting for me | expense approvals
    """,
)
MAILBOX = Request(
    "mailbox",
    """
        show the mailbox | what is in the sandbox | show me the messages that were delivered | show the sandbox |
        open the sandbox mailbox | which mails arrived | open the sandbox | sandbox please | mailbox | show the outbox |
        look into the mailbox | let me look into the mailbox | show the messages in the sandbox | inbox of the sandbox |
        messages in the mailbox | which messages are in the sandbox mailbox | what landed in the mailbox | outbox |
        what arrived in the mailbox | what would have been sent | what would have gone out | let me read the mails |
        which emails would have gone out | show the delivered test messages | show me the mails as they were delivered |
        show me the actual e-mails | let me read the messages that were sent | can I see the emails that were sent |
        can I see what the recipients got | what did the customers receive | what exactly did jane@example.com receive |
        mail to jane@example.com in the sandbox | messages to lee@shop.example | what does the sent email look like |
        did anna.kowalski@example.org get a message | show the last 5 delivered messages | latest messages delivered |
        newest mail in the outbox | sandbox inbox | contents of the sandbox mailbox | list the mails that arrived |
        I'd like to check the mails before we use a real server, where are they | could you open the test mailbox |
        test mailbox | show mailbx | see the letters what were sent | delivered mails please |
        which messages were delivered | show the delivered e-mails | sent mails in the sandbox |
        show messages to jane@example.com | what was delivered to lee@shop.example
    """,
    mailbox,
    near_misses="""
        reset my mailbox password | my mailbox is full | set up a mailbox for a new employee | check my Gmail |
        any new e-mail from my boss | reply to the last customer e-mail | open the mail from the supplier |
        empty the mailbox | delete the messages in the mailbox | forward this mail to the team | mailbox size limit |
        where is the nearest post box | support inbox | which customers wrote to us | out of office reply
    """,
)
