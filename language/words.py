"""From what somebody typed to plain lower-case words: contractions, numbers, synonyms of spelling."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

__all__ = ["Draft", "compiled", "plain"]

_TILL = (
    r"til|till(?= (?:now|today|then|the|yesterday|end|last|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|19|20|q\d))"
)
# As people write to each other on a telephone.
_CHAT = {
    "u": "you", "hw": "how", "r u": "are you", "ppl": "people", "wks?": "week", "prev": "previous", "curr": "current",
    "amt": "amount", "b/w": "between", "btwn": "between", "smth": "something", "sth": "something", "im": "i am",
    "dunno": "do not know", "wanna": "want to", "gonna": "going to", "gotta": "have to", "lemme": "let me",
    "cuz|coz": "because", "tmrw": "tomorrow", "yday": "yesterday", "ttl": "total", "gr8": "great", "b4": "before",
    "prods?": "products", "ctry": "country", "ctries": "countries", "wknd": "weekend", "custs": "customers",
    "ords?": "orders", "wud": "would", "nyc": "new york", "the us": "usa",
    "(?:^|(?<=from )|(?<=in )|(?<=of )|(?<=to )|(?<=and )|(?<=is )|(?<=were )|(?<=was ))"
    "us(?= (?:markets?|customers?|buyers?|shoppers?|clients?|accounts?|cities|towns|states|sales|revenue|orders"
    "|turnover)\\b)": "usa",
    "diff(?= (?:skus?|products?|items?|articles?|customers?|buyers?|types?|kinds?)\\b)": "different",
    "diff": "difference", "hv": "have", "bday": "birthday", _TILL: "until", "thru": "through", "wot|wat": "what",
    "sry": "sorry", "sofar": "so far", "ave": "average", "cos(?= (?:it|that|they|we|i)\\b)": "because",
    "(?<=\\s)w(?=\\s[a-z])": "with", "wich": "which", "wkly": "weekly", "mthly|mnthly": "monthly",
    "qtrly|qrtly": "quarterly",
    "lst(?= (?:yr|year|mnth|month|week|wk|quarter|qtr|\\d))": "last",
    "tdy": "today", "ystrday|yest": "yesterday", "qrtrs?": "quarter",
    "wkends?": "weekend", "acct": "account",
    "accts|accs": "accounts", "impr": "impressions", "tues": "tuesday", "thurs": "thursday", "weds": "wednesday",
    "spended": "spent", "selled": "sold", "buyed": "bought", "thrice": "3 times", "per annum": "per year",
    "val": "value", "em": "them",
    "hrs": "hours", "(?<=\\s)n(?=\\s[a-z0-9])": "and", "abt": "about", "hr(?= )": "hour", "tix": "tickets",
    "btw(?= (?:the |\\d|first|second|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|s(?:at|un)))":
    "between",
    "(?<=worst )1st|(?<=best )1st|(?<=highest )1st|(?<=lowest )1st|(?<=biggest )1st": "first", "cnt": "count",
    "(?<=percent )wise|(?<=% )wise|(?<=money )wise|(?<=value )wise|(?<=sales )wise|(?<=revenue )wise": "",
    "dwn": "down", "cvr": "conversion rate", "tenner": "10", "fiver": "5",
}  # fmt: skip
_CONTRACTIONS: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    (r"[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]", " "),  # smileys
    (r"\bcan't\b", "cannot"),
    (r"\bwon't\b", "will not"),
    (r"n't\b", " not"),
    (r"\b(have|has|had|did|do|does|is|are|was|were|could|would|should)nt\b", r"\1 not"),
    # "haven't visited nor opened": what follows is denied as well
    (
        r"\bnor (?=(?:have |has |did |do |been |ever )*(?:open|visit|click|bought|buy|order|spent|view|purchas|shop))",
        "and not ",
    ),
    (r"\bneither (?=(?:open|visit|click|bought|buy|order|spent|view|purchas|shop))", "not "),
    (r"\b(what|who|where|how|that|it|there)'s\b", r"\1 is"),
    (r"(?<!\w)['’]em\b", "them"),
    (r"\bi'm\b", "i am"),
    (r"\b(we|they|you)'re\b", r"\1 are"),
    (r"\b(i|we|they|you)'ve\b", r"\1 have"),
    (r"\b(i|we|they|you)'d\b", r"\1 would"),
    (r"\b(i|we|they|you)'ll\b", r"\1 will"),
    (r"\b(\w+)'s\b", r"\1"),
    (r"s'(?=\s)", "s"),
    (r"\be-?mail", "email"),
    (r"\bnewsletter", "email"),
    (r"\bper ?cent(?:ages?)?\b(?! points)", "%"),
    (r"\bfavorite\b", "favourite"),
    (r"\bwin-?\s?back\b", "winback"),
    (r"\bre-?engage", "reengage"),
    (r"\bvs\.?(?=\s)", "versus"),
    (r"\bno\.? of\b", "number of"),
    (r"\bapprox\.?\b", "about"),
    (r"\blife[- ]?time\b", "lifetime"),
    (r"\bu\.k\.", "uk"),
    (r"\bu\.s\.(a\.)?", "usa"),
    (r"\bone-off\b", "once"),
    (r"\bon-?line\b", "online"),
    (r"\bre-?compute", "recompute"),
    (r"\bone[- ]time\b", "onetime"),
    (r"\bnot\s+not\b", "not"),
    (r"\b(?:an? )?fortnight\b", "2 weeks"),
    (r"\bhalf a year\b", "6 months"),
    (r"\b(top|best|bottom|worst|lowest|highest) (?:decile|tenth)\b", r"\1 10 %"),
    (r"\b(top|best|bottom|worst|lowest|highest) (?:quintile|fifth)\b", r"\1 20 %"),
    (
        r"\b(top|best|bottom|worst|lowest|highest) quart(?:ile\b|er\b(?= of (?:the |our |all |my )*"
        r"(?:customers?|buyers?|clients?|shoppers?|people|spenders?)))",
        r"\1 25 %",
    ),
    (
        r"\b(more|less|fewer|higher|lower|bigger|larger|smaller|better|worse|rather|other|older|longer) then\b",
        r"\1 than",
    ),
    (r"(?:, ?)?\bi\.e\b\.?,?", ","),
    (r"\be\.g\b\.?", "eg"),
    (r"\b(c[ao]me in) (?=between\b)", r"\1, "),
    (r"\b(?:kindly|please|pls|can you|could you|would you|also) share (?=(?!of\b))", "give me "),
    (r" ?(?:>=|≥) ?(?=\d)", " at least "),
    (r" ?(?:<=|≤) ?(?=\d)", " at most "),
    (r"\b(e-?mails?|mails?|sms|texts?) (?:ok|okay)(?:'?d)?(?= |$|,)", r"\1 allowed"),
    (r"\bgimme\b", "give me"),
    (r"\bavg\b\.?", "average"),
    (r"\bexcl\b\.?", "excluding"),
    (r"\bincl\b\.?", "including"),
    (r"\brev\b\.?", "revenue"),
    (r"\bnr\b\.? (?=of)", "number "),
    (r"\b(?:v|vs)\b\.?", "versus"),
    (r"(?<=\d)\+(?=\d)|(?<=[a-z])\+(?=[a-z])| \+ ", " and "),
    (r"\s?(?:→|->|=>)\s?", " to "),
    (r"\s(?:-(?!\s(?:\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))|/)\s", ", "),
    (r"\b(?:rolling|trailing) (?=\d+ ?(?:d|w|m|mo|y|days?|weeks?|months?|years?)\b)", "last "),
    *(
        (rf"\b(last|past|previous|prior|next|these|first) (\d+) ?(?:{short})\b\.?", rf"\1 \2 {unit}s")
        for short, unit in (("d", "day"), ("w|wk", "week"), ("m|mo|mth|mths|mos", "month"), ("y|yr", "year"))
    ),
    (r"\byrs?\b", "year"),
    (r"\bmths?\b", "month"),
    (r"\bqtrs?\b", "quarter"),
    (r"\bpcts?\b", "%"),
    (r"\bw/c\b", "week commencing"),
    (r"\bw/e\b(?= \d)", "week ending"),
    (r"\bw/o\b", "without"),
    (r"\bw/(?=\s|\w)", "with "),
    (r"\s&\s", " and "),
    (r"\bcust\b", "customers"),
    (
        r"\bhow (?:often|soon|quickly) (?:do|does|will) (?:an? |our |the )?(?:people|customers?|they|buyers|clients)"
        r" (?:typically |usually |normally |generally )?(?:re-?order|order again|buy again|re-?purchase)\b",
        "average days between orders",
    ),
    (r"\bshud\b", "should"),
    (r"\bwld\b", "would"),
    (r"\bur\b", "your"),
    (r"\btop(?=\d)", "top "),
    (r"\bpr\b(?= (?:month|day|week|year|order|customer))", "per"),
    (r"\bpls\b|\bplz\b", "please"),
    (r"\b(?:dont|doesnt|didnt)\b", "do not"),
    (r"\b(i|we|you|they|who)'?ve\b", r"\1 have"),
    (r"\blets\b|\blet's\b", "let us"),
    (r"\b(?:how|what|who|where)s\b", lambda m: f"{m[0][:-1]} is"),
    *((rf"\b(?:{short})\b\.?", meant) for short, meant in _CHAT.items()),
    (r"\b(\d+)\s*-\s*(day|week|month|year)s?\b", r"\1 \2s"),
    (r"\b([ap])\.m\b\.?", r"\1m"),
]
_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_LATE = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TEENS = "|".join(_LATE)
_WORD_NUMBERS = {
    **{w: n for n, w in enumerate(_UNITS, 1)},
    **{w: n for n, w in enumerate(_LATE, 10)},
    **{w: 10 * n for n, w in enumerate(_TENS, 2)},
}
_MULTIPLIERS = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
_CURRENCY = "(?:gbp|eur|usd|pounds?|euros?|dollars?|quid|bucks)"


# "cable 2m": a length, where no bound and no currency stands before it
_BEFORE_MILLIONS = (
    "over than under above below least most about nearly almost to and of was is for at by a".split()  # noqa: SIM905
)
_NO_METRES = rf"(?:(?<![a-z] )(?<!\w)|{'|'.join(f'(?<={word} )' for word in _BEFORE_MILLIONS)})"
_SHORT = 100  # letters: names and clauses come again, a pasted file does not


class Draft:
    """A text from which recognised parts are taken one after the other, each leaving a mark such as <period>.

    `taken` has each mark with the words it stands for.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.taken: list[tuple[str, str]] = []

    def take(self, pattern: str, mark: str | Callable[[re.Match[str]], str]) -> re.Match[str] | None:
        """Take the first match out, put `mark` in its place; None when there is no match."""
        match = compiled(pattern).search(self.text)
        if match:
            put = mark if isinstance(mark, str) else mark(match)
            self.taken.append((put, match[0].strip()))
            self.text = re.sub(r"\s+", " ", f"{self.text[: match.start()]} {put} {self.text[match.end() :]}").strip()
        return match

    def has(self, pattern: str) -> bool:
        """True when `pattern` occurs in what is left."""
        return compiled(pattern).search(self.text) is not None


@lru_cache(maxsize=8192)
def compiled(pattern: str) -> re.Pattern[str]:
    """`pattern`, compiled once: the library's own cache is smaller than the grammar."""
    return re.compile(pattern)


def plain(text: str) -> str:
    """`text` in lower case with contractions spelled out and numbers as digits ("1.5k" is 1500)."""
    return _plain_kept(text) if len(text) <= _SHORT else _plain(text)


@lru_cache(maxsize=8192)
def _plain_kept(text: str) -> str:
    return _plain(text)


def _plain(text: str) -> str:
    text = re.sub(r"\bUS\b", "USA", text).lower().replace("’", "'").replace("–", "-").replace("—", " - ")
    text = re.sub(r" ?(?:→|->|=>) ?", " to ", text)
    for pattern, replacement in _CONTRACTIONS:
        text = compiled(pattern).sub(replacement, text)
    text = re.sub(r"^[£$€] (?=by |per )", "revenue ", re.sub(r"[£$€]\s?(?=\d)", "", text))
    text = re.sub(r"\bin [£$€](?!\w)|(?<=\s)[£$€](?=\s|$)", " ", text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<![\d.,])([1-9]\d{0,2})\.(\d{3})(?![\d.,]|-)", r"\1\2", text)  # "2.000 €"
    text = re.sub(r"\b(\d+(?:\.\d+)?)\s?(?:k|thousand|grand)\b", lambda m: _digits(float(m[1]) * 1_000), text)
    for millions in (r"\b(\d+(?:\.\d+)?)\s?(?:mn|million)\b", rf"(?<![\d.]){_NO_METRES}\b(\d+(?:\.\d+)?)\s?m\b"):
        text = compiled(millions).sub(lambda m: _digits(float(m[1]) * 1_000_000), text)
    text = re.sub(rf"(?<=\d)\s?{_CURRENCY}\b", "", text)
    text = re.sub(r"\b(?:gbp|eur|usd)\s?(?=\d)", "", text)
    text = re.sub(r"\b(?:a|one) grand\b(?! total)", "1000", text)
    text = _numbers(text)
    text = re.sub(rf"(?<=\d)\s?{_CURRENCY}\b", "", text)  # "fifty pounds"
    return re.sub(r"\s+", " ", text).strip()


def _numbers(text: str) -> str:
    text = re.sub(rf"\b(?:two|2) thousand(?: and)? (?=(?:{_TEENS}|twenty|thirty)\b)", "twenty ", text)  # a year
    text = re.sub(rf"\btwenty[- ](?:({_TEENS})|(twenty|thirty)(?:[- ]({'|'.join(_UNITS[:9])}))?)\b", _spoken_year, text)
    small = "|".join(sorted(_WORD_NUMBERS, key=len, reverse=True))
    text = re.sub(
        rf"\b({'|'.join(_TENS)})[- ]({'|'.join(_UNITS[:9])})\b",
        lambda m: str(_WORD_NUMBERS[m[1]] + _WORD_NUMBERS[m[2]]),
        text,
    )
    text = re.sub(rf"\b({small})\b", lambda m: str(_WORD_NUMBERS[m[1]]), text)
    times = "|".join(_MULTIPLIERS)
    text = re.sub(rf"\b(\d+(?:\.\d+)?) ({times})\b", lambda m: _digits(float(m[1]) * _MULTIPLIERS[m[2]]), text)
    return re.sub(rf"\ba ({times})\b", lambda m: _digits(_MULTIPLIERS[m[1]]), text)


def _spoken_year(match: re.Match[str]) -> str:
    """ "Twenty eleven", "twenty twenty-five"."""
    if match[1]:
        return str(2010 + _LATE.index(match[1]))
    return str(2000 + _WORD_NUMBERS[match[2]] + (_WORD_NUMBERS[match[3]] if match[3] else 0))


def _digits(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)
