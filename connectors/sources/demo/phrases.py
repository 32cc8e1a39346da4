"""The words of the mentions' grammar: an opening, then one or two phrases about an aspect."""

from __future__ import annotations

ITEMS = (
    "kettle",
    "lamp",
    "blanket",
    "yoga mat",
    "speaker",
    "serum",
    "puzzle",
    "planter",
    "headset",
    "mug",
    "rug",
    "bag",
)

OPENINGS = (
    "Ordered a {item} last month:",
    "My second order here.",
    "Got the {item} as a gift,",
    "Honest review after three weeks:",
    "Bought the {item} in the sale,",
    "Quick note about this shop:",
    "Long-time customer, and",
    "First time I tried them:",
    "About my last parcel:",
    "For anyone wondering:",
)

LINKS = ((", and", ", also", "; on top of that"), (", but", ", although", "; on the other hand"))
"""Between two phrases that agree, and between two that do not."""

PHRASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "product_quality": (
        (
            "the {item} is solid and well made",
            "the material feels great",
            "it works exactly as described",
            "the quality of the {item} surprised me",
            "still like new after daily use",
        ),
        (
            "the {item} broke after two days",
            "it arrived with a crack and feels cheap",
            "the seams came apart within a week",
            "the quality has gone badly downhill",
            "the {item} stopped working and smells of glue",
        ),
    ),
    "customer_service": (
        (
            "support answered within the hour",
            "the team was friendly and solved it at once",
            "they replaced it without any fuss",
            "the chat agent really helped",
        ),
        (
            "support never answered my mails",
            "I waited two weeks for a reply",
            "the hotline was rude and no help",
            "they keep sending the same canned reply",
        ),
    ),
    "pricing_value": (
        (
            "it is great value for the money",
            "the price is fair",
            "cheaper than I expected for what you get",
            "the discount made it a bargain",
        ),
        (
            "it is far too expensive for what it is",
            "they raised the price again",
            "hidden fees at the checkout annoyed me",
            "not worth the money",
        ),
    ),
    "brand_trust": (
        (
            "I trust this shop completely",
            "they keep their promises",
            "they have been reliable for years",
            "the reviews were honest",
        ),
        (
            "I no longer trust them",
            "the description was misleading",
            "it feels like they hide the bad reviews",
            "they charged my card twice",
        ),
    ),
    "innovation": (
        (
            "they always have new ideas",
            "the new {item} design is clever",
            "I have not seen this anywhere else",
            "the smart features are ahead of others",
        ),
        (
            "it is the same old range every year",
            "nothing new in the assortment",
            "the {item} feels outdated",
            "they just copy what others do",
        ),
    ),
    "sustainability": (
        (
            "the packaging is plastic-free",
            "I like that they use recycled materials",
            "they repair instead of throwing away",
            "shipping was carbon neutral",
        ),
        (
            "so much plastic wrapping for one {item}",
            "the green claims look like greenwashing",
            "it came in a huge box full of foam",
            "returns are simply thrown away",
        ),
    ),
    "user_experience": (
        (
            "the website is easy to use",
            "ordering took a minute",
            "the app is fast and clear",
            "search found the {item} right away",
        ),
        (
            "the checkout crashed twice",
            "the app is slow and confusing",
            "I could not find the return form",
            "the site kept logging me out",
        ),
    ),
    "delivery_logistics": (
        (
            "delivery was fast",
            "it arrived a day early",
            "the parcel was well packed",
            "tracking was accurate all the way",
        ),
        (
            "delivery took three weeks",
            "the parcel arrived damaged",
            "the wrong {item} was delivered",
            "tracking never updated and the parcel got lost",
        ),
    ),
    "brand_personality": (
        (
            "I love their playful tone",
            "their newsletter makes me smile",
            "the handwritten card was charming",
            "the brand feels warm and human",
        ),
        (
            "their ads are getting annoying",
            "the brand has become cold and corporate",
            "the jokes in their mails are not funny",
            "their tone feels pushy",
        ),
    ),
    "competitive_position": (
        (
            "better than the other shops I tried",
            "I switched from a bigger shop and stay here",
            "nobody else offers this selection",
            "they beat the competition on every point",
        ),
        (
            "other shops do this better",
            "I am going back to a competitor",
            "the same {item} is better elsewhere",
            "they are falling behind the others",
        ),
    ),
}

ASPECTS = tuple(PHRASES)
