# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What shops are asked about and AIMA knows nothing of: refused by name, with what there is instead.

One list for every capability. A subject that gets data or a tool of its own is taken off it.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from language.slots import Slots
from language.words import compiled

__all__ = ["BEYOND", "Subject", "beyond"]


@dataclass(frozen=True)
class Subject:
    """Something there are no data on, or no model of yet.

    `words` are patterns, separated by bars; they do not count within a part that was understood (the "cost per" of
    "cost per click"), nor where one of the metrics `measured` is named. `instead` says what there is near to it.
    """

    name: str
    instead: str
    words: str
    measured: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> str:
        """`words` as a regular expression."""
        said = "|".join(part for line in self.words.split("\n") for part in re.split(r" \| ", line.strip()) if part)
        return rf"(?<![\w-])(?:{said})(?![\w-])"


_CHARGED: Final = "I know what customers were charged, not what it cost us: ask for revenue, discounts or refunds."
_SOLD: Final = "I can say how much of a product was sold, and when."
_PEOPLE: Final = "Of customers I know what they bought and when, where they live, and the scores computed from that."
_ORDERS: Final = "Of orders I know the date, customer, products, amounts and refunds."

BEYOND: Final = (
    Subject(
        "profit, margin or costs",
        _CHARGED,
        r"""
        profit\w* | margins? | mark-?ups? | cogs | costs? of (?:goods|sales) | overheads? | ebitda | break-?even
        (?:purchas\w+|buying|cost|landed|production|manufacturing|wholesale) (?:costs?|prices?) | bottom line
        cost prices? | unit costs? | (?:do|did) we (?:buy|purchase|get|source) (?:it|her|him|them|this|that|those|these) (?:in )?(?:for|at|in)\b | costs? (?:us|per (?:unit|piece|item)) | make (?:any )?money (?:on|with|from)
        (?:what is |how much is )?left(?: over)? (?:of|on|from|over|per|for us|to us)\b.*\b(?:paid|pay|bought|cost\w*|deduct\w*|purchas\w*) | (?:once|after|when) (?:the |our )?\w+ (?:is|are|was|were|has been|got) paid
        (?:earn|make|keep) (?:on|with|per|from) (?:1|an?|each|every|1 of) .*(?:after|before|less|minus|paying|cost) | after (?:paying|we pay|we paid|costs?)(?: for (?:it|them|her))?
        los(?:e|ing) money (?:on|with) | earnings before \w+ | (?:gross|net|operating) (?:earnings|result)
        (?:what|how much) (?:did|do|does|have) (?:we|i|the shop) (?:pay|paid|spent?) (?:for|on) (?!.*\b(?:ads?|advert\w*|marketing|click|channel|campaign)).*
        """,
    ),
    Subject(
        "stock",
        _SOLD,
        r"""
        (?:in|of|out of|safety|dead|excess|old|remaining|current) stock(?! (?:codes?|keeping)) | stock (?:levels?|left|on hand|of|count|status|out)
        stock (?:value|position|cover|turn\w*) | the stock(?! (?:codes?|keeping)) | stocks?(?= ?[?.!]?$) | stock-?outs? | (?:over|under|re-?)stock\w*
        inventor\w+ | (?<!left the )(?<!left our )(?<!out of the )warehouses? | replenish\w* | back-?orders? | sold out
        (?:on|off) (?:the )?shel(?:f|ves) | sell-through | (?:left|lying) (?:in|on) (?:the |our )?(?:storage|depot|store room)
        still (?:available|left) | re-?order (?:points?|from)
        """,
    ),
    Subject(
        "coupon codes",
        "Of discounts I know the amount, not the code: ask for discounts or discounted orders.",
        r"""
        coupons? | (?:promo|promotion|promotional|discount|voucher|referral|gift|rebate)[ -]codes? | redeem\w* | redemptions?
        vouchers? (?:used|usage|balance|code\w*) | codes? (?:was|were|is|are|got) used | gift card balances?
        """,
    ),
    Subject(
        "delivery",
        "I know the day of an order, not how and when it was delivered.",
        r"""
        (?:deliver(?:y|ies)|shipping|ship|shipment|transit|dispatch|lead|fulfil\w*|handling|postal) (?:times?|delays?|days|speed|partners?|issues?)
        what happen(?:s|ed) (?:after|to|with) (?:the|an?|my|our) orders? | deliver(?:y|ies|ed) | shipments? | parcels? | couriers? | carriers? | dhl | fedex | dpd | royal mail | tracking (?:numbers?|codes?)
        (?:arriv\w+|c[ao]me|delivered|shipped|dispatched) (?:too )?(?:late|on time|damaged|broken) | lost in the (?:post|mail)
        undelivered | (?:shipping|postal|delivery|freight) (?:costs?|fees?|charges?|addresse?s?) | packages? (?:arriv\w*|lost|late)
        how (?:long|fast|quickly|soon) .*(?:arriv|deliver|ship)\w*
        """,
    ),
    Subject(
        "which customers are companies",
        _PEOPLE,
        r"""
        (?:business|corporate|company|b2b|trade|commercial|wholesale|private|consumer) (?:customers?|clients?|buyers?|accounts?|persons?)
        (?:top|best|biggest|largest)(?: \d+)? companies | b2b | b2c | wholesale(?:rs?)? | resellers? | companies(?= (?:that|which|who|we|among)\b)
        """,
    ),
    Subject(
        "payments",
        "I know what was charged, not how or when it was paid.",
        r"""
        paypal | klarna | visa | master-?card | amex | american express | (?:apple|google|amazon) pay | stripe payments? | sepa
        (?:credit|debit) cards? | bank transfers? | direct debits? | payments? | payment \w+ | instal?lments? | charge-?backs?
        (?:unpaid|outstanding|open|overdue|late) (?:invoices?|bills?|balances?) | owes? us | cash on delivery | debtors?
        pay(?:s|ing)? (?:by|with|via|late|on time|cash) | paid (?:by|with|via|late|on time|on (?:invoice|account|credit)|in cash|cash|using) | bnpl | dunning
        unpaid | prepaid | (?:have|has|did) not (?:yet )?paid
        """,
    ),
    Subject(
        "devices and browsers",
        _ORDERS,
        r"""
        mobiles? | mobile (?:phones?|devices?) | desktops? | tablets? | smart-?phones? | i-?phones? | i-?pads? | androids? | ios
        browsers? | chrome | safari | firefox | operating systems? | devices? | screen sizes? | laptops? (?:users?|versus)
        """,
    ),
    Subject(
        "sales people or staff",
        _ORDERS,
        r"""
        sales ?(?:persons?|people|man|men|woman|women|reps?|representatives?|agents?|team|staff|force) | cashiers? | employee?s?
        staff | colleagues? | account managers?
        (?:per|by|each|which|every) (?:sellers?|reps?|representatives?|shop assistants?|clerks?|agents?|managers?) | workers?
        """,
    ),
    Subject(
        "shops on the street and their visitors",
        "I know orders by their channel and by the customer's place, not the shop they were made in.",
        r"""
        foot-?fall | walk-ins? | passers-?by | branch(?:es)? | outlets? | brick and mortar | pop-?up (?:shops?|stores?) | shop floor
        (?:physical|high street|retail|flagship|\w+) stores?(?! (?:credit|room)) | (?:per|by|each|which) (?:stores?|shops|till)
        tills | cash registers? | (?:visited|entered|came into|walked into|walk into) (?:the|our|my) (?:shop|store) | stores
        (?:shops?|stores?) (?:in|on|at) \w+(?: street|strasse|straat|road|square|mall)
        """,
    ),
    Subject(
        "customers' age, sex, income or family",
        _PEOPLE,
        r"""
        genders? | sex(?:es)? | males? | females? | men | women | man | woman | girls? | boys? | ladies | gentlemen
        ages? | aged | age (?:groups?|bands?|brackets?) | (?:how|years?) old(?! (?:is|are) (?:the|our|my) (?:data|last|scores?)) | millennials? | gen z | boomers? | teenagers?
        pensioners? | retired | students? | parents? | mothers | fathers | famil(?:y|ies) | children | kids | married | divorced
        marital(?: status)? | house-?holds? | salar(?:y|ies) | wages? | rich | wealthy | wealth | purchasing power | educat\w+
        occupations? | professions? | job titles? | do(?:es|ing)? for a living | their jobs? | religio\w+ | ethnic\w* | demograph\w+ | hobb(?:y|ies) | pets? | born
        birth-?days? | home-?owners? | (?:under|over) \d\d years
                (?:household|personal|disposable|annual|yearly) incomes?
        (?:average |median |mean |typical )?incomes? (?:of|do|does) (?:\w+ ){0,4}(?:customers?|buyers?|clients?|shoppers?|people)
        (?:customers?|buyers?|clients?|shoppers?|people) (?:\w+ ){0,3}(?:earn|incomes?)
        how much (?:do|does) (?:\w+ ){0,3}(?:customers?|buyers?|clients?|shoppers?|people) (?:earn|make)
        """,
    ),
    Subject(
        "surveys, complaints or support",
        "I know refunds by amount and product, not what customers said about them.",
        r"""
        nps | net promoter\w*(?: scores?)? | promoters? | detractors? | csat | customer satisfaction | satisf\w+ | surveys?
        questionnaires? | complain\w* | (?:support|help ?desk|service) (?:tickets?|calls?|requests?|cases?|quality) | tickets?
        call cent(?:er|re)s? | hot-?lines? | response times? | (?:return|refund|cancell?ation)s? reasons?
        (?:reasons?|grounds) (?:for|of|behind|given (?:for|with)|on) (?:(?:the|our|all|these|those) )*(?:returns?|refunds?|cancell?ations?|credit notes?|returned (?:goods|items?|articles?))
        (?:returns?|refunds?|credit notes?|cancell?ations?) .*\b(?:broken|faulty|damaged|defect\w*|wrong (?:item|article|size|colou?r|product)s?|changed? (?:their |his |her )?mind|unwanted|did not like)
        faulty | defective | unwanted | changed (?:their|his|her) minds?
        why (?:do|did|were|was|are|have) (?:\w+ ){0,5}(?:returned|returning|sent back|send back|cancelled|bring back)
        """,
    ),
    Subject(
        "search engines, pages or social followers",
        "Where visits are loaded I can count visits, product views, carts and checkouts.",
        r"""
        seo | search (?:terms?|words|queries|rankings?|engines?|console|volume) | keywords? | back-?links? | page (?:speed|load\w*|rank)
        (?:time|duration|seconds|minutes) (?:spent )?on (?:the |our )?(?:site|pages?|website) | landing pages? | session duration
        (?:session|visit) (?:duration|length) | followers? | (?:fans|likes) on | hashtags? | influencers? | heat-?maps? | wish-?lists?
        (?:instagram|facebook|tik ?tok|linkedin|youtube|twitter) (?:likes|fans|followers|posts?|engagement) | core web vitals
        search (?:box|bar|field|impressions?)(?: share)? | searched for | typ(?:ed|e|es|ing) (?:in|into)
        (?:google|bing) (?:rank\w*|position|search) | web(?:site)? (?:bounce rate|speed)
        """,
    ),
    Subject(
        "who watched or read what",
        "Where ads are loaded I know their spend, impressions, clicks and conversions.",
        r"""
        (?:video|clip|film|story|reel)s? (?:views?|plays?|completions?|watch\w*) | (?:watch|view)(?:ed|ing|s)? (?:the |our |a )?(?:\w+ )?(?:videos?|clips?|films?|spots?|ads?|reels?|story|stories)
        (?:watch|read|view)(?:ed|ing)? .*\bto the end | completion rates? | view(?:er|ing)s? (?:numbers?|figures?|times?) | viewers?
        """,
    ),
    Subject(
        "who guests are",
        "A guest's orders carry no customer: I can count them and say by which channel and from which country they came.",
        r"""
        (?:who|which people) (?:are|were|is|was) (?:the |our |these |those )*guests? | guests?' (?:names?|addresses|emails?) | (?:names?|emails?|addresses) of (?:the |our )*guests?
        how many (?:different |distinct |separate |single )?(?:people|persons|heads|customers) (?:are|were|is|stand|hide) (?:behind|among) (?:the |our |these |those )*guests?(?: orders)?
        """,
    ),
    Subject(
        "ads one by one, or how often people see them",
        "Of advertising I know the spend, impressions, clicks and conversions of each channel and day.",
        r"""
        impression share | quality scores? | ad fatigue | fatigu\w+ | frequency (?:per|cap\w*) | ad ?(?:sets?|groups?|creatives?) | creatives?
        view-?through(?: conversions?)? | (?:connected )?tv (?:spots?|ads?|adverts?) | tv spots? | billboards?
        """,
    ),
    Subject(
        "versions of the website",
        "Where visits are loaded I can show the conversion rate before and after a day: say which.",
        r"(?:old|new|former|previous|redesigned) (?:web ?site|web ?shop|design|layout|checkout page|home ?page)",
    ),
    Subject(
        "what would happen if something changed",
        "I can show what was, and test a change on a part of the customers.",
        r"""
        what (?:if|would happen|happens if|would (?:[\w%]+ ){1,4}do(?= ?[?.!]*$)) | suppose (?:we|i|that)
        if we (?:stop\w*|los[et]\w*|raise\w*|cut|drop\w*|doubled?|halved?|lower\w*|increase\w*) .*\b(?:what|how much|would)
        """,
    ),
    Subject(
        "other companies and the market",
        "I have the data of this shop alone.",
        r"""
        competitors? | competition | competing | rivals? | market (?:shares?|size|leaders?|research|potential) | industry | benchmarks?
        sector | neighbou?rs?(?: shop)? | other (?:shops|companies|retailers|stores|brands) | amazon | ebay | etsy | zalando | aliexpress | temu | walmart
        compared to the market
        """,
    ),
    Subject(
        "the weather",
        "I can show sales by day, week or month.",
        r"weather | rain\w* | snow\w* | sunny | sunshine | temperatures? | heat-?waves? | degrees celsius | humid\w* | storms?",
    ),
    Subject(
        "the economy",
        "I can show how sales moved over time.",
        r"""
        inflation | exchange rates? | convert\w* (?:to|into|in) (?:euros?|eur|usd|dollars?|pounds?|gbp) | interest rates? | gdp | recession | unemployment | consumer confidence | brexit | covid\w*
        lockdowns? | tariffs? | customs duties | elections?
        """,
    ),
    Subject(
        "the company's books",
        "I know orders, discounts, refunds and, where loaded, ad spend.",
        r"""
        cash ?flow | bank (?:balance|accounts?) | balance sheet | vat | tax(?:es)? (?:(?:do|i|we|must|have|has|to|should|the shop|owe) ?)+(?:pay|owe)?(?=[ ?.!]|$) | tax(?:es|able)? | share price | stock price | loans? | payroll
        working capital | receivables | payables | liabilities | write-?offs | depreciation | rent
        """,
    ),
    Subject(
        "suppliers",
        _SOLD,
        r"suppliers? | vendors? | manufacturers? | factor(?:y|ies) | producers? | procurement | purchase orders? | made in",
    ),
    Subject(
        "colour, size, weight or brand of products",
        "I know products by code, name and category.",
        r"""
        (?:by|per|each|which|what|of every) (?:colou?rs?|sizes?|weights?|materials?|flavou?rs?|brands?) | kilo(?:gram)?s? | kg | tonnes?
        (?:popular|selling|common|best|top) (?:colou?rs?|sizes?|brands?|materials?|flavou?rs?) | litres?
        """,
    ),
    Subject(
        "subscriptions, points or memberships",
        _PEOPLE,
        r"""
        mrr | arr | monthly recurring \w+ | recurring revenue | subscription (?:plans?|revenue|renewals?) | renewal rates? | free trials?
        loyalty (?:cards?|program\w*|tiers?) | (?:bonus|reward) points? | points? balance | memberships? | membership tiers?
        """,
    ),
    Subject(
        "carts one by one",
        "I can say which customers leave carts behind, and how often: ask for the customers who abandoned a cart.",
        r"(?:how many|number of|count of) (?:abandoned|lost|open) (?:carts?|baskets?) | carts? (?:were|was|are|got) abandoned",
    ),
    Subject(
        "an analysis of what people say about the brand yet",
        "Where brand mentions are loaded I can count them by site and give their average rating.",
        r"""
        sentiments? | (?:brand|our) (?:image|perception|reputation|awareness) | reputation | share of voice | buzz | (?:per|by) topics?
        (?:positive|negative) (?:posts?|comments?|press|feedback|opinions?)
        """,
    ),
    Subject(
        "an analysis of what people say about the brand yet",
        "Where brand mentions are loaded I can count them by site and give their average rating.",
        r"""
        what (?:do|are|did|is) (?:the )?(?:people|customers?|they|users|reviewers?|everyone|folks|the internet) (?:\w+ )?(?:say\w*|writ\w+|think\w*|tweet\w*|post\w*)
        (?:is|are) (?:our |the )?(?:brand|we|shop|reputation) (?:\w+ )?(?:seen|perceived|viewed|talked|spoken)
        (?:talk\w*|speak\w*|say\w*|writ\w+|chat\w*|opinions?|feel|think) about (?:us|our \w+|the (?:brand|shop))
        """,
        measured=("mentions", "average_rating"),
    ),
    Subject(
        "a list of the rows behind the first in one answer yet",
        "Ask for the largest few, such as “the top three orders”.",
        r"the (?:next )?(?:two|three|2|3) (?:behind|after|below) (?:it|that|this)",
    ),
    Subject(
        "a moving average yet",
        "Ask for the figure per day, week or month, or for its average per one of them.",
        r"(?:rolling|moving)(?: \d+)?(?:[ -](?:day|week|month)s?)? (?:averages?|avg|means?|sums?)",
    ),
    Subject(
        "a share of one time in a longer one yet",
        "Ask for the figure of both times.",
        r"(?:in|as) (?:an? )?% of (?:the|that|this) (?:whole |full |entire )?(?:year|quarter|month|week)(?= ?[?.!,]|$)",
    ),
    Subject(
        "a ranking of what first orders held yet",
        "I can say what was sold to new customers, by product: ask for “top products of new customers”.",
        r"what (?:do|did|does) .*(?:buy|bought|order) .*(?:very )?first (?:order|purchase|basket)(?! (?:again|and))",
    ),
    Subject(
        "a comparison of that in each of several times yet",
        "Ask for the figure per month, or for one of the times.",
        r"""
        which (?:products|items|articles|categories|countries|cities|channels) (?:\w+ ){0,4}(?:in|during) (?:every|each)(?: single)? (?:month|week|quarter|year)
        (?:best|worst|strongest|weakest|top|biggest) (?:month|day|week|quarter|weekday) (?:of|in|for|per) (?:each|every) (?:year|quarter|month)
        """,
    ),
    Subject(
        "proof of what caused it",
        "Only a campaign with a control group can show what it caused: ask for the lift of our campaigns.",
        r"causal\w* | causation | (?:campaigns?|mailings?|ads|emails?) (?:\w+ )?caus\w+ | cause of (?:it|this|that)",
    ),
)  # fmt: skip


def beyond(slots: Slots, own: str = "", goods: Set[str] = frozenset()) -> str | None:
    """The refusal of a clause about something there are no data on; None where it is about none.

    No such words are those in `own`, the phrasings of a capability (what churn costs us), and those in the name of a
    product (a rain hat): beside another of the words in `goods`.
    """
    # without the corrections: what is spoken of here may be near to a known word
    text = " ".join(slots.written.get(word, word) for word in slots.plain.split())
    understood = [words for mark, words in slots.taken if mark != "<unclear>"]
    for subject in BEYOND:
        if set(subject.measured) & set(slots.metrics):
            continue
        for match in compiled(subject.pattern).finditer(text):
            if match[0].startswith(("what ", "how much ")) and any(
                f["dimension"].endswith("channel") for f in slots.filters
            ):
                continue  # "what did we pay for video": for ads, and not for goods
            said = rf"(?<![\w-]){re.escape(match[0].strip())}(?![\w-])"
            known = any(re.search(said, words) for words in (own, *understood))
            if not known and not _in_name(match, goods):
                return _refusal(subject, match[0])
    return None


def _refusal(subject: Subject, said: str) -> str:
    yet = re.fullmatch(r"(?:an? )?((?:proof|.* yet)\b.*)", subject.name)
    what = yet[1] if yet else f"data on {subject.name}"
    # a figure in it would be taken for one that no tool gave
    named = "" if re.search(r"\d", said) else f" (“{said.strip()}”)"
    return f"I have no {what}{named}. {subject.instead}"


def _in_name(match: re.Match[str], goods: Set[str]) -> bool:
    if " " in match[0]:
        return False
    before, after = match.string[: match.start()].split()[-1:], match.string[match.end() :].split()[:1]
    beside = {word.strip("?.!,").removesuffix("s") for word in before + after}
    return bool({match[0], match[0].removesuffix("s")} & goods and beside & goods)
