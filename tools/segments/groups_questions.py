"""How people ask for groups of customers: their kinds, clusters on request, the map, overlaps, and how they change."""

from __future__ import annotations

import re
from typing import Any

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from language.vocabulary import phrases
from tools.audience.asked import LIST
from tools.segments.names import segments_in

_NUMBERS = {w: n for n, w in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)}
_NUMBER = rf"(?:\d+|{'|'.join(_NUMBERS)})"
_KINDS = (
    ("cluster", r"clusters?|clustering"),
    ("behaviour", r"behaviou?rs?|patterns?"),
    ("discovered", r"discover\w*"),
)
_BADGES = (
    ("shrinking", r"shrink\w*|declin\w+|smaller"),
    ("growing", r"grow\w*|larger|bigger"),
    ("deteriorating", r"deteriorat\w*|worse\w*"),
    ("stable", r"stable"),
)
_COLOURS = (("rfm", r"rfm|segments? colou?r"), ("discovered", r"discover\w*"), ("risk", r"risk|churn"))


def kinds(slots: Slots, _scene: Scene) -> list[Call]:
    """Clusters, discovered groups, behaviours: those named, or all."""
    named = [kind for kind, words in _KINDS if slots.has(rf"\b(?:{words})\b")]
    return [Call("list_segments", {"kinds": named or ["cluster", "behaviour", "discovered"]})]


def cluster(slots: Slots, _scene: Scene) -> Answerable:
    """So many groups of similar customers, by all features or by those named."""
    number = _number(slots)
    if number and not 2 <= number <= 20:
        return "I can make 2 to 20 groups. How many shall it be?"
    named = re.search(r"\b(?:by|on|according to) (.+)$", slots.plain)
    arguments = {"groups": number, "features": _features(named[1]) if named else None}
    return [Call("cluster_customers", {name: value for name, value in arguments.items() if value})]


def _number(slots: Slots) -> int | None:
    found = re.search(rf"\b({_NUMBER}) (?:\w+ )?(?:groups?|clusters?|segments?|kinds?|types?|parts?)\b", slots.plain)
    return (_NUMBERS.get(found[1]) or int(found[1])) if found else None


def _features(text: str) -> list[str]:
    """Features that a text names, in its order."""
    found: list[tuple[int, str]] = []
    for phrase, name in phrases("fields"):
        at = re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text)
        if at and not name.startswith(("churn", "clv", "p_alive", "expected")):
            found.append((at.start(), name))
            text = text.replace(phrase, " " * len(phrase), 1)
    return list(dict.fromkeys(name for _, name in sorted(found)))


def cluster_keep(slots: Slots, scene: Scene) -> list[Call]:
    """Group everybody anew in the background; a number of clusters is kept from then on."""
    number = _number(slots)
    before = scene.last_of("cluster_customers")
    if number is None and before and slots.has(r"\bkeep|save|store\b"):
        number = before.arguments.get("groups")
    return [Call("refresh_segments", {"clusters": number} if number else {})]


def segment_map(slots: Slots, _scene: Scene) -> list[Call]:
    """The map, coloured by clusters unless something else is named."""
    by = next((by for by, words in _COLOURS if slots.has(rf"\b(?:{words})\b")), None)
    return [Call("segment_map", {"by": by} if by else {})]


def drift(slots: Slots, _scene: Scene) -> list[Call]:
    """Badges of segments, or who moved from one into another."""
    if names := segments_in(slots):
        return [Call("segment_drift", _sides(slots, names) | {"limit": slots.limit or LIST})]
    badge = next((badge for badge, words in _BADGES if slots.has(rf"\b(?:{words})\b")), None)
    return [Call("segment_drift", {"badge": badge} if badge else {})]


def _sides(slots: Slots, names: list[str]) -> dict[str, Any]:
    if len(names) > 1:
        return {"moved_from": names[0], "moved_to": names[1]}
    came = slots.has(r"\b(?:became|become|turned into|moved (?:in)?to|joined|came (?:in)?to|new)\b")
    return {"moved_to" if came else "moved_from": names[0]}


def overlap(slots: Slots, _scene: Scene) -> list[Call]:
    """Segments against each other: those named, one against all, or the behaviours."""
    names = segments_in(slots)
    return [Call("segment_overlap", {"segments": names} if names else {})]


SEGMENT_OVERLAP = Request(
    "segment_overlap",
    """
        how do champions and weekend shoppers overlap | overlap between at risk and high spenders |
        which segments overlap | how many champions are weekend shoppers too | do the behaviours overlap |
        segment overlap | overlap of champions and weekend shoppers | do loyal customers and discount hunters overlap |
        overlap between the VIP segment and high spenders | how much do the high spenders and the champions overlap |
        how far do the segments overlap | which groups overlap the most | overlaps between segments | overlap matrix |
        segment overlap matrix | venn diagram of champions and frequent shoppers | how many are in both segments |
        intersection of at risk and high spenders | common customers of 'VIP' and 'Quiet' |
        which customers do the segments have in common | customers in both champions and weekend shoppers |
        who is in both 'Big spenders' and 'Garden fans' as a share | how many customers do 'VIP' and 'Regulars' share |
        how many of the high spenders are also frequent shoppers | are the segments 'VIP' and 'Whales' the same people |
        how many at risk customers are seasonal spenders too | are our champions the same people as the high spenders |
        what share of the loyal customers are weekend shoppers as well | do the saved segments share customers |
        is there any overlap between new shoppers and promising | shared customers between two segments |
        are we mailing the same people twice with 'Spring' and 'VIP' | how distinct are the segments from each other |
        do 'Spring' and 'VIP' contain the same customers | how similar are the memberships of the two segments |
        which behaviours go together | which behaviour patterns coincide with champions |
        cross the rfm segments with the behaviours | cross-tab of segments and behaviours |
        double counting between segments | compare who is in 'Quiet' with who is in hibernating |
        could you please check whether the two segments overlap | in how far have the segments same clients |
        I want to avoid mailing people twice, which segments overlap | overlp of champions and loyal |
        which segment overlaps with inactive most | overlap between loyal and high spenders | overlap of the segments |
        do champions and high spenders overlap | how many champions are also high spenders |
        customers who are in two segments | which segments share customers | overlap of the saved segments |
        how many customers are both in 'VIP' and in 'Quiet' | how far do two segments overlap
    """,
    overlap,
    unless=r"\bwho (?:spends?|buys?|orders?|returns?|pays?|is (?:worth|bigger|larger))\b"
    r"|\b(?:spends?|brings?|buys?|orders?|returns?|pays?) (?:the )?(?:more|most|less|least|better)\b",
    near_misses="""
        overlap of our opening hours | do our meetings overlap | overlap with competitors' customers | shared folder |
        overlapping text on the website | audience overlap in Facebook ads | venn diagram of maths sets |
        which employees share an office | do the two invoices cover the same period | common mistakes in marketing |
        what do cats and dogs have in common | overlap between two shifts
    """,
)
SEGMENT_DRIFT = Request(
    "segment_drift",
    """
        which segments are shrinking | which segments are growing | who moved from loyal to at risk | segment drift |
        how many customers went from champions to at risk | which segments are drifting | drift of the segments |
        how are the segments changing | who slipped from loyal to lost | which groups deteriorate | segment changes |
        where did the champions go | who became a champion | segment migration | how did the segments change lately |
        what changed in the segments | changes in the segments since two months ago | which segment grew most |
        which segment lost the most customers | which segments get smaller | which segments are losing members |
        which segments are getting worse | which segments are stable | which groups are getting bigger |
        growing segments | shrinking segments | deteriorating segments | is the champions segment growing |
        is the at risk segment getting bigger | are we getting more champions | segment movements | who became at risk |
        are we losing champions to other segments | movements between segments | customer migration between segments |
        transition matrix of the rfm segments | flow of customers between segments | who moved from champions to loyal |
        who changed segment | who switched from promising to loyal | who dropped out of the champions |
        who fell from loyal to need attention | who slid into at risk | who moved into the lost segment |
        who is new among the champions | who newly became loyal | who recovered from at risk to loyal |
        which customers left the champions segment | where did the loyal customers go | segmnt changes last 2 month |
        what happened to our champions segment | where do the at risk customers come from, from which segment |
        how many customers went from new to promising | how many slipped into hibernating | which segments got worse |
        why is the loyal segment shrinking | could you please show how customers moved between the segments |
        from which segment to which do people go | how many champions became loyal | how many customers moved to lost |
        which segments changed | changes of the segments over the last two months |
        is the loyal segment growing or shrinking |
        how did the segments move over the last weeks | how have the groups changed lately
    """,
    drift,
    near_misses="""
        changes in the market | climate change | who moved office | who changed their address | migrate the database |
        migrate to a new shop system | drift of my car | who got promoted | which departments are growing |
        move customer 17850 into the champions | transition to the new system | bird migration | sensor drift |
        which employees moved from sales to marketing
    """,
)
SEGMENT_MAP = Request(
    "segment_map",
    """
        show the segment map | customer map | draw the map of customers | show me the map by rfm segment | map by risk |
        where do the clusters lie on the map | map of discovered groups | umap | map of our customers | show the map |
        customer map please | plot the customers on a map | two-dimensional map of customers | picture of the segments |
        2d plot of the customers | scatter plot of customers by similarity | scatter plot of the segments |
        draw the segments | visualise the segments | visualize the customer groups | umap of our customers | umap plot |
        visual overview of who is near whom | umap coloured by cluster | umap by churn risk | map of the clusters |
        colour the map by churn risk | map coloured by rfm segment | colour the customer map by discovered groups |
        show me the clusters as a picture | segment map coloured by risk | where on the map are the champions |
        where do the at risk customers sit on the map | which customers lie close together | point cloud of customers |
        embedding plot | plot the embedding of customers | I need a picture of our segments for a slide |
        could you please draw a map that shows which customers are alike | let me see all customers as dots |
        how do the customers spread out on the map | show cluster mapp | make plot of customers |
        chart of the clusters in two dimensions | where do the groups lie relative to each other |
        map of customers by segment | show me a map of the customer segments | customers on a map by similarity |
        draw the customer map by churn risk | picture of the customers as a map | draw the segments on a map
    """,
    segment_map,
    near_misses="""
        Google map of our stores | map of Germany | show customers on a world map with pins | directions to the store |
        road map for next year | sitemap of the shop | customer journey map | mind map | store locator | site plan |
        heat map of clicks on the homepage | map the CSV columns | map of the warehouse | draw a picture of a cat |
        world map of sales by postcode
    """,
)
CLUSTER_KEEP = Request(
    "cluster_keep",
    """
        keep 5 clusters | use 4 clusters from now on | save the 5 clusters | regroup the customers | keep the clusters |
        refresh the clusters | recompute the clusters | find the groups again | update the clusters and behaviours |
        keep these clusters | keep those groups | keep the 4 groups | store the five clusters | save these clusters |
        save the clustering | use these clusters from now on | use six clusters in future | always use 5 groups |
        let's stay with 4 clusters | make these the standard clusters | make 6 clusters the default |
        adopt the four groups | I like this clustering, keep it | yes keep those as clusters | rerun the clustering |
        recalculate the clusters | redo the clustering for good | update the clusters | update the behaviours |
        refresh the behaviour patterns | refresh the groups | refresh the discovered groups | discover the groups anew |
        rediscover groups | look for groups again | find the clusters again | regroup everybody | group everybody anew |
        regroup everyone with the new data | recompute the behaviours | recompute drift and clusters |
        refresh the drift | run the grouping again in the background | new orders are in, refresh the customer groups |
        could you please recompute the customer clusters and behaviours | from now on we work with seven clusters |
        keep five clustrs | do again the groups of customers | keep this clustering | stick with the 5 clusters |
        refresh the customer clusters | refresh the grouping of customers | recalculate behaviours and clusters
    """,
    cluster_keep,
    near_misses="""
        keep the receipts | restart the server cluster | update the Kubernetes cluster | update the user groups |
        keep the group chat | save the group photo | recalculate the group discount | use five decimals |
        refresh the WhatsApp group | keep this between us | update the age groups | use 3 characters
    """,
)
CLUSTER = Request(
    "cluster",
    """
        cluster our customers into 5 groups | group customers into four clusters | divide the customers into 3 groups |
        split our customer base into 6 groups | cluster the customers | k-means with 4 groups | cluster my customers |
        cluster customers by orders and average order value | cluster our buyers | do a clustering | make 4 clusters |
        run a clustering with 5 groups | k-means clustering | run kmeans on the customers | give me 3 clusters |
        k means with seven clusters | make five groups of similar customers | build 6 clusters of our clients |
        form four groups of customers | find 5 groups of similar shoppers | sort our customers into 8 groups |
        sort the buyers into three types | partition the customer base into 5 parts | group our clients into 2 groups |
        segment customers into four clusters | split customers into 3 groups by spending and frequency | make 7 groups |
        split the shoppers into groups by behaviour | divide our clients into high, medium and low, three groups |
        divide all buyers into 6 clusters | group similar customers together | put similar people together in groups |
        group the customers by recency and revenue into 4 groups | put customers in 5 buckets by similarity |
        cluster by average order value and discount share | cluster by frequency, recency and total spend |
        cluster customers on their email behaviour | what if we grouped customers into six | try it with 7 clusters |
        how would the customers fall into four groups | and with 3 groups | into five clusters |
        unsupervised grouping of customers | let an algorithm find groups of customers for me |
        let the machine group our customers | could you please divide our customers into four natural groups |
        I want customers grouped in 5 by what they buy and how often | clustr customers in 4 group | run k-means |
        please to make 3 groups from the clients | cluster customers by basket size and frequency |
        partition our customers into 6 groups | group customers by similarity | group our customers automatically |
        divide our clients into four groups | split customers into 5 segments | divide our buyers into four segments |
        split them all into six segments | partition the customer base in 6 |
        cut the customers into three clusters
    """,
    cluster,
    near_misses="""
        cluster our products into groups | cluster the stores by size | split the bill in 3 | divide 100 into 4 parts |
        group the invoices by month | split the team into two groups | set up a cluster with 4 nodes | star cluster |
        sort this list alphabetically | split the order into two parcels | split the budget into 3 channels |
        group keywords by topic | group the employees by department | cluster headaches | split test with two variants
    """,
)
SEGMENT_KINDS = Request(
    "segment_kinds",
    """
        what kinds of customers do we have | what types of customers are there | which clusters do we have |
        which behaviours do our customers show | which groups were discovered | show the behaviour patterns | clusters |
        what sorts of shoppers do we have | list the clusters | show me the discovered groups | customer types |
        who are our weekend shoppers and high spenders like | what kind of customers do we have | types of customers |
        what kinds of buyers are there | what sort of people shop with us | what sorts of customers buy from us |
        which types of clients do we have | which types of shoppers are there | what are our customers like |
        what are our typical customers | typical customer types in our shop | which buying patterns do we see |
        what patterns are there in how people buy | what patterns do customers show | how do our customers behave |
        how do people shop with us | customer behaviour | behaviour patterns please | behavior groups |
        list the behaviours | which behaviour groups are there | show me the clusters | list of clusters |
        show the weekend shoppers, high spenders and the other behaviours | how many customers show each behaviour |
        what clusters are there | which clusters did you find | describe the clusters | explain the clusters to me |
        discovered groups | discovered segments | which groups did you discover | what hidden groups are in our data |
        which natural groups are there among our customers | did you find any groups by yourself | clusters we have |
        groups found by the algorithm | could you please tell me what types of customers we have |
        I'd like to understand what kinds of people buy here | for a workshop I need our main customer types |
        wich kinds of custmers we have | what kind of persons are our clients | what kinds of shoppers are there |
        list the behaviour patterns | which customer behaviours are there | show the discovered segments |
        what groups of customers did the algorithm find
    """,
    kinds,
    near_misses="""
        what types of contracts do we have | types of discounts | what kind of company are you | discover new places |
        which customer types exist in marketing theory | user behaviour on the checkout page | blood types |
        behaviour of our employees | bad behaviour of a colleague | which galaxy clusters were discovered |
        what sort of music do you like | customers by profession | write a buyer persona with a photo
    """,
)
