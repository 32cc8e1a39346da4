"""Who the customers are: place, consent, habits and the planted buying parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from connectors.sources.demo.arrays import (
    Bools,
    Floats,
    Ints,
    decoded,
    instants,
    numbered,
)
from connectors.sources.demo.campaigns import Campaigns
from connectors.sources.demo.demand import Demand
from connectors.sources.demo.names import people_names
from connectors.sources.demo.products import CATEGORY_WEIGHTS
from connectors.sources.demo.truth import Truth

PLACES: tuple[tuple[str, float, str, float, tuple[str, ...]], ...] = (
    ("United States", 0.30, "America/New_York", -5.0, ("New York", "Boston", "Philadelphia", "Atlanta", "Miami")),
    ("United Kingdom", 0.20, "Europe/London", 0.0, ("London", "Manchester", "Bristol", "Leeds")),
    ("Germany", 0.14, "Europe/Berlin", 1.0, ("Berlin", "Hamburg", "Munich", "Cologne")),
    ("Netherlands", 0.12, "Europe/Amsterdam", 1.0, ("Amsterdam", "Rotterdam", "Utrecht")),
    ("France", 0.10, "Europe/Paris", 1.0, ("Paris", "Lyon", "Lille")),
    ("Spain", 0.07, "Europe/Madrid", 1.0, ("Madrid", "Valencia", "Seville")),
    ("Canada", 0.07, "America/Toronto", -5.0, ("Toronto", "Ottawa", "Montreal")),
)
COUNTRIES = tuple(place[0] for place in PLACES)
CITIES = tuple(city for place in PLACES for city in place[4])
_SIZES = np.array([len(place[4]) for place in PLACES])
_FIRST_CITY = np.cumsum(_SIZES) - _SIZES
NEVER = np.inf
FOCUSED, ROAMS = 0.85, 0.5
"""What a specialist buys of the favourite category, and how often one who roams orders from elsewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """One chunk of customers. Times are days since the start of the history.

    `offset` turns them into the customer's local time (standard time all year, so habits move an hour in summer).
    """

    number: Ints
    country: Ints
    city: Ints
    offset: Floats
    clock: Ints
    drifting: Bools
    joined: Floats
    created: Floats
    prospect: Bools
    rate: Floats
    dropout: Floats
    value_scale: Floats
    price_sensitivity: Floats
    favourite: Ints
    focus: Floats
    roaming: Floats
    consent_email: Bools
    consent_sms: Bools
    mails_read: Ints
    """Mailings of the shop's calendar that went out until the customer unsubscribed, that one included."""
    open_rate: Floats

    @property
    def size(self) -> int:
        """Customers in the chunk."""
        return int(self.number.size)

    def cities_near(self, owner: Ints, rng: np.random.Generator) -> Ints:
        """A city per row: home, or for customers who roam sometimes another one of their country."""
        away = rng.random(owner.size) < self.roaming[owner]
        country = self.country[owner]
        other = _FIRST_CITY[country] + (rng.random(owner.size) * _SIZES[country]).astype(np.int64)
        return np.where(away, other, self.city[owner])


def draw_people(
    truth: Truth, demand: Demand, campaigns: Campaigns, total: int, number: Ints, rng: np.random.Generator
) -> People:
    """The customers with the given running numbers out of `total`, numbered in the order the shop acquired them."""
    size = number.size
    country = rng.choice(len(PLACES), size, p=[place[1] for place in PLACES]).astype(np.int64)
    offset = np.array([place[3] for place in PLACES])[country] / 24.0
    drifting = country == COUNTRIES.index(truth.drift_country)
    local = demand.arrivals((number + rng.random(size)) / total)
    joined = np.minimum(local - offset, truth.span_days - rng.uniform(0.002, 0.02, size))
    early = np.where(rng.random(size) < 0.85, rng.uniform(0.04, 0.1, size), rng.uniform(0.1, 12, size))
    first_mail = np.searchsorted(campaigns.started[campaigns.mail], joined - early)
    rate = rng.gamma(truth.buying.r, 1 / truth.buying.alpha, size)
    warm = np.log(rate * truth.buying.alpha / truth.buying.r + 0.05)
    consent_email = rng.random(size) < 0.68
    return People(
        number=number,
        country=country,
        city=_FIRST_CITY[country] + (rng.random(size) ** 1.5 * _SIZES[country]).astype(np.int64),
        offset=offset,
        clock=(rng.random(size) < truth.weekend_lovers).astype(np.int64) + 2 * drifting,
        drifting=drifting,
        joined=joined,
        created=joined - early,
        prospect=rng.random(size) < truth.prospect_share,
        rate=rate,
        dropout=rng.beta(truth.buying.a, truth.buying.b, size),
        value_scale=1 / rng.gamma(truth.buying.q, 1 / truth.buying.gamma, size),
        price_sensitivity=rng.beta(1.5, 3.0, size),
        favourite=rng.choice(CATEGORY_WEIGHTS.size, size, p=CATEGORY_WEIGHTS).astype(np.int64),
        focus=np.where(rng.random(size) < truth.specialists, FOCUSED, rng.uniform(0.2, 0.5, size)),
        roaming=np.where(rng.random(size) < truth.roaming, ROAMS, 0.02),
        consent_email=consent_email,
        consent_sms=rng.random(size) < 0.28,
        mails_read=np.where(consent_email, first_mail + rng.geometric(0.006, size), 0).astype(np.int64),
        open_rate=1 / (1 + np.exp(1.0 - 0.5 * warm - rng.normal(0, 0.6, size))),
    )


def customers_table(truth: Truth, campaigns: Campaigns, people: People) -> pl.DataFrame:
    """customer_id, email, first_name, last_name, phone, country, city, time_zone, consents, created_at.

    Email addresses lie in example.com (RFC 2606), telephone numbers in the fictional +1555; consent is today's.
    """
    subscribed = people.consent_email & (people.mails_read > campaigns.mail.size)
    number = numbered("number", "", people.number + 1, 7)
    country = decoded("country", COUNTRIES, people.country)
    names = people_names(country, int(people.number[0]))
    phone = pl.select(pl.when(pl.Series(people.consent_sms)).then("+1555" + number).alias("phone")).to_series()
    return pl.DataFrame(
        [
            customer_ids(people),
            _addresses(names, people.number),
            *names,
            phone,
            country,
            decoded("city", CITIES, people.city),
            decoded("time_zone", [place[2] for place in PLACES], people.country),
            pl.Series("consent_email", subscribed),
            pl.Series("consent_sms", people.consent_sms),
            instants("created_at", truth.start, people.created),
        ]
    )


def _addresses(names: pl.DataFrame, number: Ints) -> pl.Series:
    """ "lea.moreau.412@example.com": the number makes it the customer's own."""
    plain = pl.format("{}.{}.{}@example.com", "first_name", "last_name", pl.Series(number + 1))
    parts = plain.str.to_lowercase().str.replace_all(" ", ".").str.replace_all("ß", "ss")
    # Accents come apart from their letters, and what is no letter of an address is left out.
    letters = parts.str.normalize("NFKD").str.replace_all(r"[^a-z0-9.@]", "").str.replace_all(r"\.{2,}", ".")
    return names.select(letters.alias("email")).to_series()


def customer_ids(people: People) -> pl.Series:
    """External identifiers of the chunk's customers."""
    return numbered("customer_id", "C", people.number + 1, 7)
