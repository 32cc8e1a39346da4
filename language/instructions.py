# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Instructions to act on the world: what only a person can do, or AIMA cannot do at all, said by name.

Only what is told to be done counts ("stop the video ads"), never what is asked ("should we stop the video ads?").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from language.filler import without_noise
from language.scene import Scene
from language.words import compiled, plain

__all__ = ["INSTRUCTIONS", "Instruction", "instruction", "told_to_act"]

_TOLD: Final = (
    r"(?:(?:please|now|just|and|then|so|ok|okay|yes|sure|fine|right|good|great|perfect|hey|aima|go ahead and|let us|lets|(?:can|could|would|will) you|"
    r"(?:(?:i|we) )?(?:want|need|would like|like)(?: you)? to|i want you to|make sure (?:to|you)|you (?:can|may|should|must|have to)|for me)[ ,]+)*"
)
_LOT: Final = r"(?:top |best |the |our |all |every |each |any |this |that |these |those |of |my |your |both |\d+ |first |second |third |last |latest |next |other |1 )*"
_PERSON: Final = r"(?:customers?|buyers?|clients?|shoppers?|people|everyone|everybody|subscribers?|them|him|her|[\w-]*\d[\w-]*|\S+@\S+)"
_PEOPLE: Final = rf"(?:{_PERSON}|\w+ (?:customers?|buyers?|clients?)|\w+s)"
_DRAFTS: Final = r"(?:proposals?|campaigns?|e?mails?|mailings?|drafts?|messages?|winback \w+|\w+ (?:campaigns?|e?mails?|mailings?|proposals?)|one|ones|1|it|this|that|them|those|these|all|both|everything|anything|whatever)"
# "change in ad spend", "refund orders per month": a figure, and nothing to be done
_NOUN: Final = r"(?:changes? (?:in|of|by|per)|(?:increase|decrease|cut|drop|raise)s? (?:in|of))\b|refund orders(?: (?:in|by|per|as|of|this|last|since|from|<\w+>)\b|$)"
_AIMS: Final = r"(?:in(?:to)?|from|to|for|on|at|of|by|and|with)"


@dataclass(frozen=True, slots=True)
class Instruction:
    """What is told: a pattern from the verb on, where {place} is a place ads run; and the words to say to it."""

    name: str
    told: str
    said: str


_AMOUNT: Final = r"(?:by |to |at |for )?(?:an? |another )?(?:[£$€] ?)?\d[\d.,]* ?(?:%|percent|p\b|pence|pounds?|euros?|dollars?|cents?|eur\b|gbp\b|usd\b)"
_NO_MESSAGE: Final = (
    r"(?!.*\b(?:e?mails?|mailings?|sms|texts?|campaigns?|write|draft\w*|propos\w*|newsletters?|messages?|journeys?)\b)"
)
_STARTING: Final = r"(?:(?:live|effective|valid|active|running|in force)(?: (?:from|as of|as from|by|on|at|until|till))?|from|as of|as from|starting|beginning|until|till) (?:(?:this|the|next|that) )?(?:minute|moment|second|hour|now|today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|week|noon|midnight|now on)\b"

_APPROVAL: Final = (
    "I cannot approve or send anything: that takes a person. Press **Approve** on the proposal's card (or reject or edit "
    "it there). Ask “which proposals are waiting?” to see them."
)

INSTRUCTIONS: Final = (
    Instruction(
        "approve",
        rf"(?:approve|sign off|sign|authori[sz]e|green-?light|release|ok|okay)(?: (?:on|off))? {_LOT}(?:{_DRAFTS}|number|pending|waiting|latest|newest|last|first|next)\b.*"
        r"|(?:approve|approved|go ahead|launch|send|start|do it|do that|execute|fire|ship it|go)(?: now| out| away| then| please| it)*[.! ]*(?:, .*)?"
        rf"|go ahead with\b.*|(?:send|launch|start|execute|do|fire|publish|release|dispatch|get)(?: out| off)? (?!an? |some |another ){_LOT}(?:{_DRAFTS}|number)(?: (?:is|are|that|which|you|i|we|pending|waiting|number|\d+|drafted|proposed|now|out|off|away|today|tonight|tomorrow|immediately|straight|right|at|once|to|all|of|them|everyone|everybody|live|please|for|me|us))*[.! ]*(?:,.*)?",
        _APPROVAL,
    ),
    Instruction(
        "count as approved",
        r"(?:.* )?(?:consider|regard|treat|take|count) (?:it|this|that|them|these|all of (?:it|them)) (?:as |to be )?(?:approved|signed|authori[sz]ed|granted|released)\b.*"
        r"|(?:.* )?(?:off|out|away|on) with (?:it|them|that)(?: then)?(?:,? (?:now|today|at once|please|immediately))*[.! ]*",
        _APPROVAL,
    ),
    Instruction(
        "reject",
        rf"(?:reject|turn down|decline|discard|withdraw|veto|refuse|bin|scrap|dismiss) {_LOT}(?:proposals?|campaigns?|e?mails?|mailings?|drafts?|\w+ (?:campaigns?|mailings?|proposals?|one)|it|that|this|one)\b.*",
        "I cannot reject a proposal: a person decides on it. Press **Reject** on the proposal's card, and say why if you "
        "like. Ask “which proposals are waiting?” to see them.",
    ),
    Instruction(
        "unsubscribe",
        rf"(?:(?:re-?)?(?:un)?subscribe|opt out|suppress|blacklist|block|opt) {_LOT}{_PEOPLE}\b.*"
        rf"|(?:take|remove|strike|delete|drop|get|kick) {_LOT}{_PEOPLE} (?:off|from|out of) {_LOT}(?:\w+ )?(?:lists?|mailings?|emails?|newsletters?|recipients?|subscribers?)\b.*"
        rf"|(?:never|do not|not|stop) (?:ever )?(?:email|mail|write|writing|contact|message|emailing|mailing|contacting|messaging|send|sending)(?: to)? (?:emails? to |mails? to |messages? to |anything to )?{_LOT}(?:customer )?(?:him|her|[\w-]*\d[\w-]*|\S+@\S+)\b.*"
        r"|(?:customer )?(?:[\w-]*\d[\w-]*|\S+@\S+|he|she) (?:does not|do not|no longer) (?:want|wants|wish|wishes)\b.*\b(?:emails?|mails?|mailings?|messages|newsletters?)\b.*",
        "I cannot change anybody's consent or take them off a list. Every message carries a link with which they "
        "unsubscribe themselves, and the consent the shop's own data hold is kept to from the next import on.",
    ),
    Instruction(
        "delete",
        rf"(?!.*\b(?:files?|imports?|came with)\b)(?:delete|erase|wipe|purge|forget|anonymi[sz]e|(?:drop|remove)(?!.*\b(?:from|of|out)\b))(?: out)? {_LOT}(?:\w+ )?(?:data|customers?|orders?|tables?|everything|database|segments?|emails?|history|records?|accounts?|profiles?|him|her|buyers?|clients?|[\w-]*\d[\w-]*|\S+@\S+)\b.*"
        r"|(?:.* )?(?:wants?|asked|asks|demands?|insists) (?:.* )?data (?:is |are |to be )?(?:deleted|erased|removed)\b.*",
        "I cannot delete anything. An administrator erases a person on their own page: search for them under Customers, "
        "then “Erase this person…” (or `aima person erase` in the shell). A saved segment can be archived (“archive the "
        "segment VIP”).",
    ),
    Instruction(
        "budget",
        r"(?:raise|increase|cut|reduce|lower|halve|double|triple|set|change|bump|decrease|adjust|cap) (?:.* )?(?:budgets?|spend|spending|bids?|ads)\b.*"
        rf"|(?:move|shift|reallocate|put|spend|take|add) (?:\w+ )?\d[\d.]*%? (?:\w+ )*?{_AIMS} (?:\w+ )?{{place}}\b.*",
        "I cannot change a budget or a bid: I only read what the ad platforms report. Please set it at the platform. Ask "
        "“where should the budget go?” first for what the spend so far tells.",
    ),
    Instruction(
        "stop",
        r"(?:stop|pause|end|halt|switch off|turn off|shut (?:down|off)|kill|cancel|disable|resume|restart|reactivate|unpause|abort|suspend|freeze)(?: off)? (?:.* )?(?:ads?|adverts?|advertising|(?:campaigns|mailings|newsletters|emails)|every (?:campaign|mailing|email)|sending|{place})\b(?!.*\b(?:jobs?|journeys?|campaign)\b(?! that runs)).*"
        r"|(?:cancel|abort|kill) (?:the |that |this |our )*(?:mailing|campaign|email|newsletter)\b.*"
        r"|(?:switch|turn|shut) (?:the |all |our )*(?:\w+ )?(?:campaigns|ads?|adverts?|advertising|{place}) (?:ads? )?(?:off|down|on)\b.*",
        "I stop no ads: please do that at their platform. One campaign of AIMA’s can be paused, resumed or ended by a person "
        "on its card: ask for it by its name, such as “pause the spring campaign”.",
    ),
    Instruction(
        "other channel",
        rf"(?:whatsapp|call|phone|ring|dm) (?!it\b|this\b|that\b|these\b|those\b)(?:{_LOT}{_PERSON}|(?:all|every|the|our|my|these|top) (?:\w+ ){{0,3}}\w+s)\b.*"
        rf"|(?:send|write) {_LOT}(?:an? )?(?:\w+ )?(?:whatsapp|push notification|letter|postcard)s?\b.*"
        rf"|(?:post|publish|tweet|share(?! of\b)|advertise|upload|push|sync) .*\b{_AIMS} (?:instagram|facebook|tik ?tok|linkedin|twitter|x|google|meta|youtube|{{place}}|social media)\b.*",
        "I cannot call or post. Without a language model I can only propose an email or an SMS, which a person then approves: "
        "say for example “write an email to customers in France”. A connected model or assistant proposes WhatsApp messages too.",
    ),
    Instruction(
        "schedule",
        r"(?:schedule|postpone|delay|queue|plan) (?:it|(?:this|that)(?! week)|them|the (?!rest|week|month|next|coming|ads?\b|budget|spend|advertising)\w+|(?:an? )?\w+ (?:email|mailing|report))\b(?! to\b).*"
        r"|(?:send|email|mail|ping) (?:me|us) .*\b(?:(?:every|each|once a) (?:day|morning|week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday|evening|quarter)|daily|weekly|monthly)\b.*"
        r"|remind (?:me|us)\b.*",
        "I cannot schedule that: I answer when asked. A campaign can be drafted with its time, such as “an email to the Champions tomorrow at 9”; it goes out then, once a person has approved it.",
    ),
    Instruction(
        "watch",
        r"(?:(?:alert|notify|warn|ping|email) (?:me|us)|let (?:me|us) know) (?:when(?:ever)?|if|as soon as|once)\b.*|tell (?:me|us) (?:whenever|as soon as)\b.*"
        r"|(?:set up|create|add|make) (?:an? |some )?(?:\w+ )?(?:alerts?|alarms?|notifications?|warnings?)\b.*|(?:turn|switch) (?:off|on) (?:the )?(?:alerts?|notifications?|warnings?)\b.*",
        "I cannot set up or turn off alerts: AIMA watches the data by rules of its own. Ask “are there any alerts?” for what "
        "it found.",
    ),
    Instruction(
        "offer",
        r"(?:create|make|generate|issue|set up|add) (?:.* )?(?:coupons?|vouchers?|(?:discount|promo|coupon|voucher) codes?)\b.*"
        r"|(?:create|make|generate|issue|print|prepare|give|get|need)(?: me| us)? (?:(?:an? |some |a few |new |\d+ )(?:[\w-]+ ){0,3})?codes?\b.*",
        "A sentence makes no offer: a person does that on the page Campaigns (/campaigns), with its value, its "
        "days and its codes, of which each customer gets one. Ask “what offers do we have?” for those there are.",
    ),
    Instruction(
        "hand out",
        rf"(?:send|mail|email|forward|upload|export|share)(?: me| us)? {_LOT}(?:\w+ ){{0,3}}(?:lists?|data|database|addresses|contacts|records)\b.*\bto (?:my|me|our|an?|the|this|his|her|\S+@).*",
        "I send no data about people anywhere. I can show a list here: say who should be on it, for example “customers in "
        "France who spent over 500”.",
    ),
    Instruction(
        "split test",
        r"(?:set up|run|start|create|make|do|launch|plan|prepare)(?: me| us)? (?:an? |the )?(?:\w+ )?(?:a ?/ ?b(?: ?/ ?n)?|ab|split|multivariate)[- ]?tests?\b.*"
        r"|(?:a/b |split[- ])?test (?!results?\b|group\b|campaign\b).+ (?:against|versus) .+",
        "I cannot send two versions against each other. A campaign keeps a part of its customers back at random, and what "
        "it changed is measured against them: ask for one, such as “an email with 10% off to the Champions, keep 20% back”.",
    ),
    Instruction(
        "shop",
        rf"(?:refund|reimburse|compensate|ship|re-?order|re-?stock|cancel) {_LOT}(?:orders?|customers?|him|her|parcels?|[\w-]*\d[\w-]*)\b.*"
        r"|(?:raise|lower|change|cut|edit|set|increase|reduce|drop|update|adjust|fix) (?:.* )?prices?\b.*"
        rf"|(?:give|grant|credit|gift) (?:customer )?(?:[\w-]*\d[\w-]*|\S+@\S+|him|her) .*\b(?:vouchers?|refunds?|discounts?|credits?|gifts?|money|points|off)\b.*"
        r"|(?:change|update|edit|correct|merge|add|create) (?:an? |the |new |duplicate )*(?:(?:address|phone number|email address) of .*|(?:customer|product|order|article) [\w-]*\d.*)|(?:add|create|merge) (?:an? |the |new |duplicate )+(?:customers?|products?|orders?|articles?)\b(?! (?:group|segment|list|table|chart|graph)).*",
        "I cannot change anything in the shop: I only read its data. Do it in the shop, and the next import brings it here.",
    ),
    Instruction(
        "prices",
        rf"{_NO_MESSAGE}(?:(?:mark|put|knock|take|reduce|discount|slash|raise|lift|bring|drop|lower|increase|cut|reprice)(?: (?:up|down))? (?!me\b|us\b|aside\b|it in\b)(?:.* )?(?:(?:up|down|off|cheaper|dearer|higher|lower|on sale)\b.*{_AMOUNT}|{_AMOUNT} (?:.* )?(?:up|down|off|cheaper|dearer|less|more|sticker|sale)\b|on sale\b|half[- ]price\b).*"
        rf"|(?:reduce|discount|slash|raise|lower|reprice|mark down|mark up) (?:the |all |our |every |each )*(?!revenue|sales|orders)[\w -]+ {_AMOUNT}.*"
        rf"|(?:.* )?{_AMOUNT} (?:cash ?back|off|discount|rebate|reduction)\b(?: \w+)* (?:for|on|to) .*{_STARTING}.*"
        rf"|(?:give|grant|offer|let)(?: \w+){{1,5}} (?:free (?:shipping|delivery|postage|returns)|cash ?back|{_AMOUNT} (?:off|discount|cash ?back))\b.*{_STARTING}.*"
        r"|(?:take|pull|put|switch|set|hide|remove|delist|unlist|unpublish|publish|relist)(?: (?:the|all|our|these|those))* (?:[\w-]+ ){1,4}?(?:(?:offline|on-?line|live|invisible|visible|hidden|off the (?:shop|site|web ?site|page))|(?:from|off|in|into|to) the (?:shop|site|web ?site|home ?page|front page))\b.*)",
        "I cannot change prices, offers or what the shop shows: I only read the shop's data. Please do it in the shop; I can "
        "say what sold at which price, or draft an email with an offer for a person to approve.",
    ),
    Instruction(
        "documents",
        r"(?:void|cancel|reverse|annul|undo|amend|re-?issue|issue|correct|strike|storno|withdraw|write off|credit|rebook|book)(?: out| off| back)? (?:the |this |that |my |our |her |his |their |an? |all )*(?:(?:last |open |latest )*(?:credit (?:notes?|memos?)|invoices?|bills?|receipts?|bookings?|payments?)\b(?! (?:by|per|in|of|as|rate|count|value|from|since|issued)\b)|(?:order |invoice |credit note )?(?:number |no\.? ?|#)?(?=[a-z]*-?\d)[a-z]{0,4}-?\d{3,}).*",
        "I cannot void, cancel or write invoices, orders or credit notes: I only read the shop's data. Please do it in the "
        "shop's own system; the next import brings it here.",
    ),
    Instruction(
        "connect",
        r"(?:hook|plug|wire|link|connect|integrate|install|attach|pair|log)(?: up| in| into| onto)? (?:to |with |into |me |us |(?:my|our|the|your) )*(?:google|facebook|meta|instagram|tik ?tok|bing|microsoft|amazon|shopify|woocommerce|magento|mailchimp|klaviyo|stripe|analytics|linkedin|pinterest)\b(?=.*\b(?:log ?in|user\w*|passw\w*|keys?|tokens?|credentials?)\b)(?!.*\?$).*",
        "I cannot connect a source from the chat, and a login or a password does not belong here. Somebody with access to the machine does "
        "it at the shell: `aima connect SOURCE` asks for what it needs, `aima connections` lists what there is.",
    ),
    Instruction(
        "membership",
        rf"(?:remove|drop|delete|take|kick|exclude|move|add|assign) {_LOT}{_PEOPLE} (?:(?:out|off) )?(?:from|of|to|into|in) {_LOT}(?:(?:\w+ ){{0,3}}|<quoted> )(?:segments?|groups?|clusters?)\b(?!.*\b(?:called|named|under)\b).*",
        "I cannot put single customers into a segment or take them out: its rule says who belongs to it. Save those you mean "
        "under a name, for example “save customers who spent over 500 as Regulars”.",
    ),
    Instruction(
        "rename",
        r"(?:rename|merge) (?:the |my |our )*(?:segments?|groups?|clusters?)\b.*",
        "I cannot rename or merge segments. Save the customers under the new name, and archive the old segment.",
    ),
    Instruction(
        "settings",
        r"(?:add|create|invite|remove) (?:an? |the |new )*(?:users?|colleagues?|team ?mates?|admins?|accounts?)\b.*|(?:change|reset|forgot|set) (?:my |the )*(?:passwords?|logo|language|settings?|time ?zone|currency)\b.*",
        "I cannot change accounts or settings from here: an administrator does that on the settings page.",
    ),
)  # fmt: skip


def instruction(clause: str, scene: Scene) -> str | None:
    """The words to say to an instruction that AIMA cannot carry out; None where the clause is none."""
    # quoted words are a subject or a name, not told
    text = without_noise(plain(re.sub(r"[\"“][^\"”]*[\"”]|(?<!\w)'[^']+'(?!\w)", "", clause)))
    told = re.sub(rf"^{_TOLD}", "", f"{text} ").strip()
    if re.match(_NOUN, told):
        return None
    places = {
        value.replace("_", " ").lower() for name in ("channel", "spend_channel") for value in scene.values.get(name, ())
    }
    place = "|".join(re.escape(value) for value in sorted(places)) or r"(?!)"
    for each in INSTRUCTIONS:
        if compiled(f"^(?:{each.told.replace('{place}', f'(?:{place})')})$").match(told):
            return each.said
    return None


_ACTS: Final = (  # what is told to be done in the world, where it is followed by what it is done to
    r"(?:void|refund|reimburse|mark|discount|reprice|restock|reorder|delist|publish|unpublish|post|tweet|upload|print|phone|ring|call|text|invoice"
    r"|charge|credit|waive|apply|activate|enable|disable|install|integrate|hook|link|book|hire|pay|transfer|ship|deliver|pack|cancel|raise|lower|slash"
    r"|grant|gift|reward|put|take|switch|turn|move|change|replace|swap|block|ban|hide|fix|correct|reset|open|close|reserve|order|deactivate|translate)"
)
_TO_WHAT: Final = r"(?: (?:up|down|off|on|out|back|over))? (?:the|all|our|my|this|that|these|those|every|each|an?|him|her|them|it|everybody|everyone|customers?|[a-z]{0,3}-?\d{3,})\b"
_CANNOT: Final = (
    "I cannot do that: I read the shop's data and draft emails and SMS for a person to approve, and change nothing in the "
    "shop, its prices, its orders or its accounts. Please do it there; the next import brings it here."
)


def told_to_act(clause: str) -> str | None:
    """What to say to a clause that names no figure, was not understood and tells to do something in the world."""
    text = without_noise(plain(clause))
    told = re.sub(rf"^{_TOLD}", "", f"{text} ").strip()
    return _CANNOT if re.match(rf"{_ACTS}{_TO_WHAT}", told) and not re.match(_NOUN, told) else None
