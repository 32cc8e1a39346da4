# ruff: noqa: E501  (one turn of speech a line)
"""Words that carry nothing of what is asked, in one place: what is said beside a question, and what it is asked with.

A word is in NOISE only if no figure, no list and no action could ever change with it: "only", "new", "first",
"except", "large", "online", "average" and their like never are. Noise is gone before anything is read, so it cannot
change how a question is read either; the other lists say which words need no meaning of their own.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Final

from language.changes import MOVES

__all__ = ["ALL_TIME", "ASKING", "CONTINUING", "DESCRIBING", "FUNCTION", "NOISE", "is_noise", "without_noise"]

# Adverbs of certainty and attitude, politeness, how one is addressed, and what only speech has.
NOISE: Final = frozenset(
    """
    absolutely actually admittedly afaik ah aha ahem aima alas alright anyhow anyway anyways apologies apparently
    arguably asap aw awesome basically bloody briefly bro btw buddy certainly cheers clearly congrats congratulations
    curiously damn darling definitely dude duh eh em er erm essentially evidently frankly fucking fwiw fyi genuinely
    gladly goodness gosh grateful greetings ha haha hah heck however hence hello hey hi hiya hm hmm hmmm honest honestly hooray
    hopefully howdy huh idk iirc imho imo importantly incidentally indeed insanely ironically jeez kinda kindly kudos literally
    lmao lol lovely luckily ma'am madam mate maybe mhm nevertheless nonetheless moreover furthermore obviously oh ok okay okey omg ooh oops
    ouch pal pardon perhaps personally please pleased pls plz possibly presumably probably really rly sadly seemingly
    seriously sincerely sir somehow sorry tho sorta splendid superb supposedly sure surely surprisingly ta tbh terribly terrific
    thank thankful therefore thankfully thanks thanx thx tks truly truthfully ty tysm ugh uh uhh uhm ultimately um umm undoubtedly
    unfortunately urgent urgently utterly welp whatsoever whoa wondering ya yeah yea yep yo yup
    """.split()  # noqa: SIM905
)
_CLOSING: Final = frozenset({"please", "thanks", "thx", "cheers"})  # what follows them is another part
_BOSS: Final = (
    r"(?:boss|manager|ceo|cfo|coo|cmo|director|accountant|bookkeeper|investors?|board|bank|team|partner|wife|husband"
    r"|colleagues?|auditors?|tax (?:man|advisor|office)|chief|owner|management|shareholders?|landlord)"
)
_OCCASION: Final = (  # any other word may be what is asked about: "for my Belgium slide"
    r"weekly|monthly|quarterly|annual|yearly|daily|team|board|sales|marketing|management|staff|strategy|investors?'?|finance|budget"
    r"|client|customer|retention|crm|growth|review|big|important|quick|short|little|upcoming|next|own|early|morning|afternoon|evening|year[- ]end|kick-?off"
    r"|all[- ]hands|town ?hall|company|department|steering|status|press|bank|tax|christmas|summer|first|final|new|last|mon|tues|wednes|thurs|fri"
    r"|monday|tuesday|wednesday|thursday|friday|leadership|exec(?:utive)?|partner|agency|supplier|shareholders?'?|performance"
)
_EVENT: Final = rf"(?:{_BOSS}|meeting|presentation|slides?|deck|pitch|call|talk|memo|homework|thesis|records?)"
_SOON: Final = r"(?:today|tomorrow|tonight|(?:this |on )?(?:morning|afternoon|evening|\w+day(?: morning)?))"
# Turns of speech, gone before periods and numbers are read: "morning!" is no part of a day, "like I am 5" no number.
_TURNS: Final = re.compile(
    "|".join(
        (
            r"^(?:good )?(?:morning|afternoon|evening|day)\b(?: (?:all|everyone|everybody|team|there|aima|to you))?(?=[,!.:-])",
            r"^dear [a-z ]{2,30},|^(?:great|perfect|nice|cool|super|excellent|wonderful|fine|good)(?=[,!])",
            r"^(?:(?:hi|hey|hello|dear) )?(?:team|folks|guys|everyone|everybody|all|there)(?=[,!:])",
            r"\bat the end of the day,|\blong story short\b|\bin a nutshell\b|\bby any chance\b|\bonce and for all\b|\bneedless to say\b",
            r"\bto be (?:honest|fair|frank|clear|precise|exact|sure)\b|\btruth be told\b|\bbelieve it or not\b|\bby the way\b",
            r"\bof course\b|\bfor what it is worth\b|\bas (?:you|we all) know\b|\bout of curiosity\b|\bfull stop\b|\bi swear\b",
            r"\bas far as (?:you|we|i) (?:know|can (?:tell|see)|are aware)\b|\bif i may(?: ask)?\b|\bif (?:at all )?possible\b",
            r"\bif (?:you|u) (?:can|could|would|do not mind|have (?:it|that|a (?:minute|second|moment)|time))\b",
            r"\bif (?:it|that) is (?:ok|okay|all right|possible|not too much(?: trouble| to ask)?)\b",
            r"\bwhen (?:you|u) (?:have|get|find) (?:a )?(?:time|minute|second|sec|moment|chance)\b|\bat your earliest convenience\b",
            r"\bas (?:soon|quickly|fast) as (?:possible|you can)\b|\bno (?:rush|hurry|worries|excuses|bullshit|fluff)\b|\b(?:right|straight) away\b",
            r"(?<!how )\b(?:many|best|kind) (?:thanks|regards)\b|\bmuch obliged\b|\bthank(?:s| you)(?: (?:so much|very much|a lot|a bunch|a million|again|in advance))+|\bin advance(?=[ .!]*$)",
            r"\b(?:i am |we are |was |just )+(?:curious|wondering|not sure|unsure|(?:a (?:bit |little )?)?confused)\b(?: (?:about|if|to know))?",
            r"\b(?:i|we) (?:guess|suppose|reckon|bet|hope|wonder|imagine|assume|am afraid)(?: that| if)?\b",
            r"\b(?:that|it) would be (?:(?:so|very|really|most) )?(?:great|nice|helpful|good|perfect|super|appreciated|kind)\b",
            r"\b(?:would|will) be (?:much |very |highly )?appreciated\b|\bhope (?:you|this|that|all) (?:are|is)(?: doing)? (?:well|ok|fine|clear)\b",
            r"\b(?:(?:1|another|an?|my|the) )?(?:(?:more|quick|simple|silly|stupid|dumb|random|weird|basic|short|easy|tricky|odd|beginner) )+question\b(?= ?[:,;.!-]|$)",
            rf"\b(?:my|the|our) {_BOSS} (?:just |also )?(?:wants?|needs?|asked|asks|is asking|keeps asking|would like|wonders)(?: me| us)?(?: to (?:know|see)\b| for\b| ?:|(?= (?:what|how|which|who|when|where|if|the)\b))",
            rf"\bfor (?:my|our|the|a|an|tomorrow|today|next)(?: (?:{_OCCASION}))? {_EVENT}\b(?: {_SOON}\b)?(?! (?:of|rate|list|segment|store)\b)",
            r"\bin (?:plain|simple|everyday) (?:english|words|terms|language)\b|\b(?:like|as if) (?:i am|im|i were) (?:a )?5\b(?:[ -]years?[ -]olds?)?",
            r"\bin (?:just )?(?:1|a|a single) (?:sentence|word|paragraph)\b|\bin (?:short|brief)\b",
            r"\b(?:(?:a|an|the|just|only|give me) )*(?:short|brief|honest|straight|simple|quick|direct) (?:answer|reply|opinion)s?\b(?: only)?",
            r"\bno (?:need for )?(?:an? |any )?(?:charts?|graphs?|explanations?|essays?|lectures?|small talk)\b(?: needed| necessary| required)?",
            r"\b(?:a )?(?:rough|ballpark) (?:number|figure|idea|estimate)s?\b(?: (?:is|are|will))?(?: (?:fine|enough|do|good))?",
            r"\b(?:can|could|would|will|may|might) (?:you|i) (?:please |kindly |maybe )*(?=\w)",
            r"\b(?:is it|would it be|it is) possible (?:for (?:you|me|us) )?to (?:get|see|have|know|show|tell)\b(?: (?:me|us))?",
            r"\b(?:i|we) (?:was|were|have been|got|am being) asked (?:for|to (?:find|get|report|look up|check)|about)\b(?: out)?",
            r"\b(?:i|we) (?:would|do) (?:love|like|want|need|really like) to (?:know|see|have|get|find out|understand|hear)\b(?: about)?",
            r"\b(?:i am|we are) (?:just )?(?:trying|looking|hoping|here) (?:to (?:figure out|find(?: out)?|understand|see|get|work out|know)|for)\b",
            r"\b(?:what )?(?:i am|we are) after(?: is)?\b|\bjust asking\b|\bif that makes (?:any )?sense\b|\bhurry up\b|\bnothing fancy\b",
            r"\bany (?:chance|way)(?: that)?(?: (?:you|i|we))?(?: (?:can|could))?\b|(?:^|\b(?:ok|hey) )(?:google|siri|alexa)\b,|^wow\b[,!. ]*|\bas (?:per )?usual\b[,:]",
            r"\b(?!remind (?:me|us) (?:tomorrow|to|on|in|at|next|every|when|later|again)\b)(?:hit|walk|remind|inform|enlighten|fetch|grab|get|throw|hand|feed)(?:ing)? (?:me|us)(?: (?:with|through|of|about|on))?\b",
            r"\b(?:work|figure|spit|dig|puzzle|find) out\b(?! (?:of|why|who)\b)|\b(?:be so good as to|good enough to)\b",
            r"\b(?:provide|supply|furnish|deliver)(?: (?:me|us))?(?: with)? (?=(?:the|a|an|our|your)\b)",
            r"\b(?:in terms of|when it comes to|with regards? to|regarding|concerning|as far as|re:) ?|\bfor (?:my|our) own (?:understanding|information|records?)\b",
            r"\b(?:kind|sort|type) of (?!customers?|people|buyers?|clients?|shoppers?|orders?|products?|campaigns?|segments?|events?|person|mail)",
            # how to draw it (tools/drawn_as.py); with the word chart, or "as a": a shop may sell pies and rings
            r"\b(?:(?:as|in|into|with) )?(?:an? )?(?:pie|dough?nut|donut|ring|bar|column|line)[ -](?:chart|graph|diagram|plot)s?\b(?: of| for| with| showing)?",
            r"\b(?:as|in|into) an? (?:pie|doughnut|donut|ring)\b|\b(?:as|into) (?:bars|columns|lines)\b",
            r"\be-?mail (?=campaigns?\b.*\b(?:open|click|bounce|unsubscribe))",  # such rates are of emails anyway
            r"^(?:hi|hey|hello)?,? ?dear,? (?=[a-z])|\bas a positive (?:number|figure|amount)\b|\b(?:i|you) need exactly (?:that|this)(?: 1)?\b",
            r",? (?:and |but )?(?:just |please )?(?:say so|flag (?:it|that|them)|mark (?:it|that) as (?:such|partial|incomplete)|name it)(?: then| please)?(?=[.!? ]*$)",
            r",? (?:and |but |or )?(?:if it is the same(?: 1)? (?:just )?say (?:that|so))\b|\ba (?:rough )?range (?:will|would) do\b|\bi (?:think|feel|believe)\b(?= ?[?,.]|$)",
            r"\bdo me a favou?r\b|\bbe so kind(?: as to| and)?\b|\bsorry to (?:bother|disturb)(?: you)?(?: again)?\b",
        )
    )
)
_MOVED: Final = "|".join(["up", "down", "gone", "going", *MOVES])
_DEGREE: Final = (
    r"(?:(?:so|quite|rather|pretty|very|too|that) )?(?:a (?:whole )?lot|lots|much|a bit|a little|a tad|slightly|sharply"
    r"|heavily|strongly|massively|hugely|considerably|dramatically|noticeably|steeply|wildly|badly|significantly)"
)
# How much something moved is told, not asked with: "went up a lot". What spends a lot is another matter.
_BY_DEGREES: Final = re.compile(
    rf"\b({_MOVED}) {_DEGREE}\b|\bvery (?=(?:first|last|latest|best|worst|top|newest|oldest|same|recent|most|much|many)\b)"
)

FUNCTION: Final = frozenset(
    """
    a about all also an and any are as at be been both bought but buy buys by came can come comes coming could count
    currently customer did do does down each ever everybody exactly find for from get give had has have how i im in into
    is it just like list look make many me my name need no now number of on one ones only or order ordered our out over
    per purchased rank ranked right see should show size so some sort sorted such tell than that the their them then
    there these they this those to together too up us want was we were what whether which who whole whom why will with
    within would yes yet you your
    """.split()  # noqa: SIM905
)
_FIGURES: Final = frozenset(
    """
    across actual advance booked raised recorded entered processed after again altogether am among amount amounts answer anything anywhere apiece approx atm back basis
    attract attracted attracts became become begin being below best between bit break breakdown bring bringing brings broken brought business buying call came charge charged
    chart check collect collected compared contribute contributed contributes counted course current data delivers detail details development displayed doing dollar dollars done drive driven drives driving drove e.g earn earned
    earns
    eg else emails end euro euros euros' everything everywhere exact fast figure figures file forget forgot full generate generated
    generates generating gets given gives giving go
    goes going gone good got granted graph hand happen happened having he help her here i.e idea ie if included
    including interested issue issued its kind know known let level levels lifetime line little looking made mailing
    mailings makes making may mean means mind money more morning most much needed needs nice not note numbers off once
    one's other overall own paid part past peak perform performance performed performing period place placed plot point pull
    pound pounds precise purchase put question quick quickly ranking report reporting respectively roughly run said sale
    say seem seems sees sell selling sells sent she shown since sold something split stand start state stop stuff sum
    summary table take taken takes there's thing things think through time today told top total totals trade trend
    trending trends two under until used using value values via view wait wanted way well went whats when where while
    without worth written wrote
    """.split()  # noqa: SIM905
)
_PEOPLE: Final = frozenset(
    """
    add although altogether anybody anyone based belong belongs build buyer buyers called cent client clients create customers define
    display distinct e either everyone first group groups headcount heads highest keep live lives living located must named names ordering people
    percent percentage proportion quoted remember save segment segments set share shopper shoppers still store
    themselves though total unique whoever whose
    """.split()  # noqa: SIM905
)
ASKING: Final = NOISE | FUNCTION | _FIGURES
"""Words a figure is asked with."""
DESCRIBING: Final = NOISE | FUNCTION | _PEOPLE
"""Words customers are described with."""
CONTINUING: Final = NOISE | frozenset(
    """
    so now and what about how only just but same thing then also instead or by in for since the without excluding outside not
    per top that this is are it to do with again split break down broken show me i mean there from a an of those them
    customers customer ones make sort order be was were first no nope wrong want wanted meant said rather
    wait too as well did does go all us both alone solely exclusively need prefer
    """.split()  # noqa: SIM905
)
"""Words a question is continued with."""

ALL_TIME: Final = r"\b(?:do we have|have we got|are there|in total|overall|ever|all[- ]time|altogether|currently|now(?=[?.! ]*$)|today|at the moment)\b"
"""Says that no period said elsewhere is meant."""


def without_noise(text: str, names: Set[str] = frozenset()) -> str:
    """`text` (plain) without what is said beside the question; a word of `names`, which goods may be called, stays."""
    text = _BY_DEGREES.sub(lambda m: m[1] or "", _TURNS.sub(" ", text))
    gone = NOISE - names
    word = r"(, )?(?<![\w<.@'-])([a-z']+)(?![\w>@'-]),?"
    text = re.sub(word, lambda m: m[0] if m[2] not in gone else m[1] or _kept_comma(m), text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" (?=[,;:!?.](?: |$))|(?<=[,;:])(?: ?[,;:!])+", "", text)
    return re.sub(r"^[ ,;:!.-]+(?=[\w<])|[ ,;:-]+$", "", text)


def _kept_comma(match: re.Match[str]) -> str:
    return "," if match[2] in _CLOSING and match[0].endswith(",") else ""


def is_noise(text: str) -> bool:
    """True when nothing is asked in `text` (plain): "thanks in advance!", "no rush"."""
    return not re.search(r"\w", without_noise(text))
