"""How people ask for segments: counted, saved, listed, described, exported, put away; and where effort pays."""

from __future__ import annotations

import re

from language.followups import PRONOUN
from language.requests import Answerable, Request
from language.residue import unexplained
from language.rules import asked_rule, joined, previous_rule, untold_days
from language.scene import Call, Scene
from language.slots import Slots, read_slots
from tools.audience.advice import advised
from tools.audience.asked import NO_PERIOD, counted, of_those_who_began, unclear
from tools.audience.wording import rule_words
from tools.metrics.figures import apart, asks_figure, figures
from tools.segments.names import name_said, segments_in

MOST_ACTIONS = 10
_GROUP_FIELDS = ("rfm_segment", "behaviours", "cluster", "discovered_group")
_UNNAMED = ("a segment", "segment", "a new segment", "new segment")
_PARTS = {
    "offers": r"offers?",
    "channels": r"channels?",
    "send_window": r"send window|window|time",
    "message": r"message|playbook|text|strategy",
}


def customers_count(slots: Slots, scene: Scene) -> Answerable:
    """How many customers a rule picks; countries alone are a question for the metrics."""
    slots = of_those_who_began(slots, scene)
    if slots.conditions.unclear or (slots.conditions.rule and unexplained(slots)):
        return unclear(slots)
    rule = asked_rule(slots)
    if slots.conditions.rule and (asks_figure(slots) or apart(slots)):
        return figures(slots, scene)
    if slots.conditions.rule is None:
        them = previous_rule(scene) if slots.has(PRONOUN) else None
        if them is None:
            return figures(slots, scene)
        rule = joined(them, rule)
    return NO_PERIOD if untold_days(slots) or rule is None else counted(slots, scene, rule)


_KEPT = (
    r"\b(?:sav\w*|keep\w*|kept|stor\w+|remember\w*|segments?|groups?|audiences?|defin\w+|put|tag|label|create|make|build|new"
    r"|call (?:it|them|that|these|those)|name (?:it|them|these|those))\b"
)


def save_segment(slots: Slots, scene: Scene) -> Answerable:
    """Keep a rule under a name."""
    if not slots.has(_KEPT):
        return "To keep these customers as a segment, say “save them as …”; to see them, ask “which customers …”."
    name = slots.quoted[0] if slots.quoted else ""
    if not name and (named := name_said(slots.original)):
        name, described = named
        slots = read_slots(described, scene)  # the name's own words are no conditions
    if slots.conditions.unclear or unexplained(slots):
        return unclear(slots)
    if untold_days(slots):
        return NO_PERIOD
    rule = asked_rule(slots) or previous_rule(scene)
    if rule is None:
        return "Which customers? Describe them, for example: save customers who bought only once as 'One-time'."
    if not name or name.lower() in _UNNAMED:
        name = rule_words(rule)
    return [Call("save_segment", {"name": name[:120], "rule": rule})]


def segments(_slots: Slots, _scene: Scene) -> list[Call]:
    """All segments."""
    return [Call("list_segments", {})]


def priorities(slots: Slots, scene: Scene) -> Answerable:
    """Where effort pays most."""
    if (given := advised(slots, scene)) is not None and not slots.conditions.unclear:
        return given
    if slots.conditions.rule and "rfm_segment" in str(slots.conditions.rule):
        return [Call("list_segments", {})]
    return [Call("next_actions", {"limit": slots.limit} if slots.limit and slots.limit <= MOST_ACTIONS else {})]


def archive(slots: Slots, _scene: Scene) -> Answerable:
    """Put a saved segment away, bring one back, or list those put away."""
    if slots.has(r"\b(?:which|what|list|show)\b"):
        return [Call("list_segments", {"kinds": ["saved"], "archived": True})]
    back = slots.has(r"\b(?:reactivate|restore|unarchive|bring)\b")
    name = _one(slots)
    if name is None:
        return "Which saved segment? Give its name, for example: archive the segment 'VIP'."
    return [Call("reactivate_segment" if back else "archive_segment", {"segment": name})]


def export(slots: Slots, scene: Scene) -> Answerable:
    """A segment, or the customers described, as CSV."""
    if slots.conditions.unclear:
        return unclear(slots)
    names, named, rule = segments_in(slots), _named(slots), asked_rule(slots)
    if len(names) == 1 and (rule is None or rule.get("field") in ("rfm_segment", "weekend_share")):
        return [Call("export_segment", {"segment": names[0]})]
    rule = rule or (previous_rule(scene) if slots.has(PRONOUN) or not named else None)
    if rule is not None:
        return [Call("export_segment", {"rule": rule})]
    if named:
        return [Call("export_segment", {"segment": named})]
    return "Export whom? Name a segment or describe the customers, for example: export the champions."


def playbook(slots: Slots, scene: Scene) -> Answerable:
    """One segment: who they are, what sets them apart, what to send them."""
    name = _one(slots) or (_earlier(scene) if slots.has(PRONOUN) else None)
    if name is None:
        return "Which segment? Name one, for example: what should we send the champions?"
    return [Call("segment_detail", {"segment": name})]


def playbook_change(slots: Slots, _scene: Scene) -> Answerable:
    """Another offer, message, channel or time in the playbook of a segment."""
    said = slots.quoted[-1]
    names = [name for name in segments_in(slots) if name != said]
    if not names:
        return "Whose playbook? Name the segment, for example: set the offer for the champions to 'early access'."
    part = next((part for part, words in _PARTS.items() if slots.has(rf"\b(?:{words})\b")), None)
    if part is None:
        return "What of the playbook shall change: its offers, its channels, its message or the time to send?"
    whole = part in ("message", "send_window")
    value = said if whole else [piece.strip() for piece in said.split(",") if piece.strip()]
    return [Call("update_playbook", {"segment": names[0], part: value})]


def _one(slots: Slots) -> str | None:
    """The segment a clause is about: known by name, in quotation marks, or as written before or after "segment"."""
    return next(iter(segments_in(slots)), None) or _named(slots)


def _earlier(scene: Scene) -> str | None:
    """The segment that calls before were about."""
    rule = previous_rule(scene) or {}
    return str(rule["value"]) if rule.get("field") in _GROUP_FIELDS and rule.get("operator") == "eq" else None


def _named(slots: Slots) -> str | None:
    text = slots.original
    after = re.search(
        r"(?i)\bsegment\s+(?:called |named )?([A-Z0-9][\w &-]{0,60}?)\s*(?:as csv|back|away|again)?[?.!]*$", text
    )
    before = re.search(r"(?i)\b(?:the|our|my)\s+([\w][\w &-]{0,60}?)\s+(?:segment|group|cluster)\b", text)
    found = before or after
    name = found[1].strip() if found else ""
    return name if name and name.lower() not in ("saved", "archived", "same", "customer") else None


SEGMENT_ARCHIVE = Request(
    "segment_archive",
    """
        archive the VIP segment | archive 'Big spenders' | put the segment 'VIP' away | reactivate the VIP segment |
        bring the segment 'VIP' back | restore the archived segment 'VIP' | which segments are archived |
        we don't need 'Easter' any more, archive it | please to put in archive the segment 'Test' | reactivate 'Quiet' |
        I want the old segment 'Garden fans' back | take the segment 'Test' off the list | archive the segment 'Quiet' |
        bring 'Summer' back from the archive | which segments have been put away | could you please archive One-time |
        archive the Big spenders segment | reactivate the archived segment | put away the Christmas segment |
        retire the segment 'VIP 2022' | take 'VIP' out of the archive | deactivate the segment 'VIP' | put 'Test' away |
        what segments did we archive | get the segment 'VIP' back | list the archived segments | archive this segment |
        bring back 'Big spenders' | unarchive 'Big spenders' | restore the VIP segment | hide the segment 'Test' |
        show archived segments | archve segment 'VIP' | archived segments | restore 'Summer'
    """,
    archive,
    near_misses="""archive my e-mails | archive the invoices of 2019 | reactivate my subscription | archive this chat |
        bring back the old design | restore the database | restore my account | internet archive""",
)
SEGMENT_EXPORT = Request(
    "segment_export",
    """
        export the champions | export the segment 'VIP' as CSV | download the at risk customers | csv of the champions |
        give me the champions as a csv file | export them | csv of the weekend shoppers | download the segment 'Quiet' |
        export customers who bought only once | could you please export the customers at high risk | download the list |
        download customers silent for 90 days as csv | export buyers from Spain who spent over 200 | export this list |
        the segment 'Big spenders' as a spreadsheet | I need the champions as csv for the printer | that as a csv file |
        extract the need attention segment to csv | please to export list of clients of Italy | export the VIP segment |
        make an Excel file of these customers | Excel export of the at risk customers | dump the loyal segment to csv |
        export all champions with addresses | export those customers to Excel | the list as a download please | as csv |
        export the loyal customers | CSV of those people please | export all of them to csv | download these customers |
        can I have that as a file | put the vips in a csv | exprot the champions | export this segment | csv please
    """,
    export,
    near_misses="""export regulations for Norway | export the invoices to DATEV | export the chart as PNG |
        download the invoice | download the logo | export this chat | upload this csv | import a csv""",
)
PLAYBOOK_CHANGE = Request(
    "playbook_change",
    """
        set the offer for the hibernating to 'a seasonal preview' | change the channel of the loyal segment to 'email' |
        change the playbook message of the champions to 'Thank you' | note in the playbook of the lost: 'no discounts' |
        set the send window for the lost customers to 'in January' | set the offer for the champions to 'early access' |
        the message strategy for at risk should be 'one question' | update the champions playbook, message 'You rock' |
        replace the message of the lost segment with 'Come back' | set the channels for the champions to 'email, post' |
        add 'birthday gift' to the offers in the loyal playbook | change the offer of the lost customers to '20 % off' |
        make the offer for the loyal customers 'double points' | in the champions playbook, change the offer to 'gift' |
        change the playbook offers of at risk to 'a voucher' | overwrite the hibernating strategy with 'low effort' |
        the send window for promising should be 'in 7 days' | modify the playbook of 'VIP', offer 'personal call' |
        I want the offer for about to sleep to be '5 % off' | make 'Tuesday' the send window of frequent shoppers |
        playbook of need attention: set offer to 'bundle' | switch the seasonal spenders offer to 'presale' |
        put 'free delivery' as the offer for promising | message strategy of weekend shoppers: 'short' |
        use 'email' as the channel for about to sleep | please set the channels of at risk to 'email' |
        chnage playbook offer for lost to 'gift card' | rewrite the loyal playbook text to 'Thanks' |
        set the champions send window to 'Saturday' | send time for weekend shoppers to 'Friday' |
        adapt the playbook for new, offer 'bonus' | send window for the lost ones: 'May' |
        the offer for champions is now 'tea' | in future offer at risk 'a sample' | playbook, loyal: offer 'a gift'
    """,
    playbook_change,
    near_misses="""change the homepage banner | playbook for the security team | set the price of the mug to 5 |
        set the discount code to 20 % | edit the company handbook | change the opening hours | set my working hours |
        change TV channel""",
)
SEGMENT_PLAYBOOK = Request(
    "segment_playbook",
    """
        what should we send the hibernating | what is the playbook for the champions | playbook of the lost customers |
        what should we send the weekend shoppers | tell me about the champions segment | describe the weekend shoppers |
        what sets the at risk customers apart | what is special about the loyal customers | strategy for the champions |
        tell me more about the segment 'VIP' | recommended strategy for the hibernating segment |
        what is the right strategy for the loyal segment | show the playbook of the about to sleep segment |
        when should we send to the weekend shoppers | everything about the need attention segment |
        what should I write to the loyal customers | which offers are in the champions playbook |
        what makes our frequent shoppers different | characteristics of the hibernating segment |
        which channel for the promising segment | what would you send the promising ones | what tone for the champions |
        what distinguishes the loyal customers | what do the weekend shoppers look like | describe the segment 'VIP' |
        what sets cluster 'Gift buyers' apart | playbook for the weekend shoppers | playbook for the at risk segment |
        what makes the champions special | details of the promising segment | profile of the champions segment |
        more on the loyal segment please | tel me abot the champions segmnt | what do we send the champions |
        describe our high spenders |
        playbook for customers at risk | what is the playbook for the sleeping ones |
        what is the playbook for the loyal customers |
        the playbook for the champions | which playbook do the lost customers have | what's the lost ones' playbook |
        how should we treat the champions | what is the plan for the hibernating |
        what should we send them | what do we send the loyal ones
    """,
    playbook,
    near_misses="""what should we send the tax office | what makes our company special | playbook for a job interview |
        what do customers say about us | what channel is the match on | describe the product teapot |
        what is special about today | describe the picture""",
)
SAVE_SEGMENT = Request(
    "save_segment",
    """
        save them as VIP | save everyone with 6 orders as Fans | new segment Sleepers: no order for 150 days |
        segment 'Gold' = all who spent over 2000 | call it Readers: people who bought books twice |
        group of app buyers, name it App | put French soap buyers in a segment under the name Savon |
        create audience 'Spring' with customers who bought in April | make them a segment and call it Hot |
        define segment Big baskets as customers with an average order above 90 | store as group: UK regulars |
        save this as a segment | create a segment of customers who spent over 500 | keep this group |
        make a segment called 'Quiet' from them | remember this group | store those customers as 'Big spenders' |
        keep them as a segment | please to make segment with clients who have 10 orders | remember them as 'Regulars' |
        create a segment of people who abandoned their basket | save customers who bought twice as 'Second timers' |
        define 'Whales' as customers who spent over 5000 | I want a segment of everyone who used a discount |
        I need a segment of those who bought in the sale | save those people as a segment called Sleepers | save this |
        could you please save the result as a segment | keep those customers as 'Bargain hunters' | save as 'Top 50' |
        put them in a segment called 'Follow up' | build a segment with health below 30 | make these people a segment |
        save this list as 'Spring mailing' | remember these customers for later | save that group as 'Garden fans' |
        add a segment for teapot buyers | create a segment from this | make a group out of them | store this selection |
        turn this into a segment | store it as a segment | create a segment | sav this as VIP | save them |
        save the clients from Spain as Spaniards | store buyers with over 5 orders as regulars |
        save the customers from Italy as Italians | keep the people who bought twice as Twice
    """,
    save_segment,
    near_misses="""save my password | save the chart as a picture | how do we save costs | create a new product |
        create a new user | create an invoice | remember my name | save this chat""",
)
SEGMENTS = Request(
    "segments",
    """
        show me the segments | which RFM segments are there | list saved segments | what is our largest segment | rfm |
        how are customers segmented | describe the customer groups | which segment is most valuable | segment overview |
        how should we treat our champions | overview of our segments |
        into which groups do our customers fall | please to list the segments of clients | show me our customer groups |
        could you please show me all segments | how is the customer base divided up | all our segments with their size |
        which segment has the highest value | how is our customer base segmented | rfm segmentation of the customers |
        RFM groups and how large they are | which of the segments is the best | which audiences can I choose from |
        what groups are our customers in | which customer groups are there | what customer groups do we have |
        which segment is worth the most | which segment is the healthiest | segments with health and value | segments |
        how many segments do we have | which segments did we create | which segment is the biggest | list all segments |
        I'd like to see the segments | show me segmants of customer | how do we segment customers | do an rfm analysis |
        let me see the segmentation | segments by size and value | tell me about our segments | can I see the segments |
        which segments did I save | names of all the segments | what do the segments mean | which segments can I mail |
        what audiences do we have | how big are the segments | what segments do we have | segments I saved earlier |
        segments ranked by value | how big is each segment | what segments are there | our segmentation please |
        summary of the segments | customer segmentation | show the segmentation | show me the RFM table | rfm segments |
        most valuable segment | share of each segment | describe our segments | wich segments we have | saved segments |
        size of each segment | which segments exist | compare the segments | explain the segments | customer segments |
        my saved segments | rank our segments | table of segments | our own segments | smallest segment | rfm analysis |
        our best segment | biggest segment | customer tiers | show segments | segment sizes | rfm overview |
        my segments |
        which segment is the biggest | which group do most customers belong to | which segment has the most customers
    """,
    segments,
    near_misses="""segments of our competitors | user groups and permissions | market segmentation theory |
        share it with my colleague | segment by age and gender | segments of our suppliers | push it to Facebook Ads |
        Apple's market segment""",
)
PRIORITIES = Request(
    "priorities",
    """
        what should I do next | where should we focus | which segment should we target first | what do you recommend |
        whom should we win back first | where is the biggest opportunity | what are our priorities | any opportunities |
        how can we earn more | where does effort pay most | any advice | what would you do | what's most important now |
        how do we increase revenue | what would be the best next step | which segment needs action most | quick wins |
        where should I spend my effort | what opportunities do we have | recommendations for this week | biggest lever |
        whom should we contact first | what should we do this week | who should I go after first | give me some advice |
        where are the opportunities | what is your recommendation | what I must do to earn more | how could we improve |
        what should our priority be | where should I put my time | give me three things to do | what should I be doing |
        how do we get more revenue | what would you recommend | what should we do first | priorites for this week |
        who should we focus on | what would you suggest | how do we sell more | what's your advice | what do I do now |
        action plan please | where do I start | any suggestions | any tips for us | how can we grow | any quick wins |
        advise me | Spain or Portugal, which of them is the better bet for our effort |
        French or Dutch people, who should be our focus in spring | how do I grow sales in Belgium |
        should I care more for existing or for new customers | which country deserves more care, Austria or Belgium |
        should I care for tea or for coffee people |
        what is the smartest thing to do
    """,
    priorities,
    timed=True,
    agent="optimiser",
    near_misses="""what should I eat tonight | split the budget over the channels | which stock should I invest in |
        improve delivery times | should we raise prices | rank higher on Google | priority shipping | career advice |
        sing me a song | play some music | entertain me | write a poem about autumn | dance for me |
        say something nice""",
)
CUSTOMERS_COUNT = Request(
    "customers_count",
    """
        how many customers spent over 1000 | how many customers bought only once | how many joined in the last 90 days |
        number of customers silent for 90 days | how many champions do we have | how many people are in need attention |
        count customers with a health score below 40 | what share of customers is from Germany and silent for a year |
        how many of them agreed to e-mails | how large is the group of customers with more than 5 orders | count them |
        okay so how many folks spent at least a hundred quid | how many customers from Spain bought twice or more |
        what proportion of shoppers never used a discount | please tell me how many spent over 200 in Austria |
        how many people bought the calendar since Easter | customer count where orders > 5 and country = UK |
        what percentage of customers spent more than 500 | audience size for people who clicked last month |
        how many in Italy have been silent for 60 days | what share opened an email in the last 90 days |
        how many bought something in the last 30 days | how many customers are in the at risk segment |
        how many customers opened an email last month | any idea how many have gone quiet for 90 days |
        how many people ordered within the past week | how many abandoned a cart in the last 7 days |
        how many agreed to emails and live in France | number of customers with more than 10 orders |
        what fraction of buyers are weekend shoppers | how much customers bought more than one time |
        how many have been inactive for over a year | how big is the group with a basket over 100 |
        how many clients spent between 100 and 500 | how many customers are worth more than 500 | number of champions |
        how many customers have returned something | how many bought the mug and also the plate |
        how many shoppers have more than 3 orders | how many visited the site but did not buy | how many shop at night |
        how many of those have more than 2 orders | count customers with no order in 180 days |
        count the people who bought the red scarf | can you count how many shoppers came back |
        how many have bought exactly three times | how many vips do we have |
        what share of customers bought only once | how large is the group that bought twice |
        for the budget, how many agreed to mails | how many have not bought for six months | count the loyal customers |
        number of people who bought in the sale | how many buyers ordered at least twice | how many are about to sleep |
        how many haven't ordered since January | and how many of them opened our emails |
        number of clients who spent over 1,000 | how large would the overdue segment be |
        how many people clicked on our emails | how many have a health score above 70 | how many customers are dormant |
        how many spend less than they used to | how many members does promising have | how many customers gave consent |
        how many discount hunters do we have | how many Germans spent more than 250 | how many of them live in Germany |
        size of the group silent for 90 days | how many client has more as 3 orders | how many customers are overdue |
        how many weekend shoppers are there | number of customers without consent | how many people bought the lantern |
        how many one-time buyers are there | how many loyal customers are there | how many price sensitive customers |
        how many accounts spent over 5,000 | count everyone who spent over 300 | how many hibernating customers |
        how many have no email address | how many of these bought again | hw many custmers spent ovr 100 |
        ordered in spring but never after, how many | at least 4 orders and over 250 spent: number of people |
        how many accounts bought in no fewer than five months | people with an order worth 400 or more, count |
        how many came back after half a year away | whoever sent something back last month - headcount |
        how many buy in the app and nowhere else | three or more orders in the garden range, how many heads |
        exactly two orders, both in 2022. how many? | count of those with text message consent |
        number of Italians who bought soap AND candles | how many purchased in each of the last three months |
        of the people won in May, how many bought a second time | what share of mug buyers also got a plate |
        spent 80+ in June alone, how many | nothing bought for 200 days although 5 orders before, count |
        bought the lamp OR the rug in spring, number of customers | how many ordered from more than one country |
        have an account but no purchase - how many | viewed a page at least five times this month - headcount |
        how many percent of the first-quarter newcomers were back in the second | lapsed clients, i.e. none since 2022 |
        in how many cases did a buyer of books order again within 30 days of the first order |
        how many are repeat customers | how many never open our mails | what percentage are champions
    """,
    customers_count,
    needs=("<rule>",),
    near_misses="""how many employees do we have | how many customers paid by invoice | how many followers do we have |
        how many people live in Germany | how many complaints did we get | how many days until Christmas |
        how many customers are women | how many items are in stock | how many are older than 60 |
        how many tickets are open""",
)
