"""Invented people and campaigns: names as they occur in each country, titles as somebody in marketing writes them.

Nothing here is drawn at random: a name follows from a number, so no stream of random numbers depends on it.
"""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["mailing_title", "paid_title", "people_names", "text_title"]


def _listed(names: str) -> list[str]:
    return names.split()


_ENGLISH: Final = _listed(
    "Emma Oliver Grace Jack Sophie Daniel Hannah Samuel Chloe Adam Lucy Thomas Ruby Nathan Alice Henry Molly "
    "George Ella Joshua Laura Edward Megan Simon Abigail Peter Jessica Luke Rachel Martin Amy Philip Zoe Stephen "
    "Claire Mark"
)
_FIRST: Final[dict[str, list[str]]] = {
    "United Kingdom": _ENGLISH,
    "United States": [*_ENGLISH[::-1], "Tyler", "Madison", "Brandon", "Kayla", "Austin"],
    "Canada": [*_ENGLISH[9:], *_ENGLISH[:9], "Mathieu"],
    "Germany": _listed(
        "Anna Lukas Lena Felix Marie Jonas Laura Paul Sarah Maximilian Katharina Jan Julia Tobias Lisa Sebastian "
        "Clara Moritz Johanna Florian Miriam Stefan Franziska Matthias Greta Andreas Nina Christian Theresa "
        "Dominik Pia"
    ),
    "Netherlands": _listed(
        "Sanne Daan Lotte Bram Fleur Thijs Anouk Sem Femke Ruben Iris Lars Maud Jesse Eline Stijn Roos Niels "
        "Marit Koen Janneke Wouter Esther Maarten Noor Joris Hanneke Tim Ilse"
    ),
    "France": _listed(
        "Camille Hugo Léa Louis Manon Gabriel Chloé Arthur Juliette Nathan Élise Antoine Margaux Baptiste Pauline "
        "Maxime Charlotte Thibault Amélie Quentin Sylvie Laurent Nathalie Mathilde Vincent Céline Romain"
    ),
    "Spain": _listed(
        "Lucía Pablo María Álvaro Carmen Diego Marta Javier Elena Sergio Laura Adrián Paula Carlos Irene Miguel "
        "Sara Andrés Ana Raúl Cristina Iván Nuria Óscar Silvia"
    ),
}
_ISLES: Final = _listed(
    "Clarke Bennett Harris Walker Foster Morgan Reed Turner Hughes Palmer Brooks Russell Griffin Hayes Marshall "
    "Owens Chapman Webb Simpson Porter Hunter Mason Dixon Holmes Fletcher Lawson Barker Newton Pearce Sutton Cole "
    "Perry Ward Stone Fox Wells Hart Burke Nash Dean"
)
_LAST: Final[dict[str, list[str]]] = {
    "United Kingdom": _ISLES,
    "United States": [*_ISLES[7:], *_ISLES[:7], "Ramirez", "Nguyen", "Kowalski"],
    "Canada": [*_ISLES[13:], *_ISLES[:13], "Tremblay", "Gagnon", "Singh"],
    "Germany": _listed(
        "Becker Hoffmann Schäfer Koch Richter Klein Wolf Neumann Braun Krüger Hartmann Lange Werner Krause "
        "Lehmann Köhler Maier Huber Kaiser Fuchs Peters Lang Scholz Weiß Jung Hahn Vogel Keller Günther Frank "
        "Berger Winkler"
    ),
    "Netherlands": _listed(
        "Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Kok Jacobs Vermeulen "
        "Schouten Willems Hoekstra Koster Verhoeven Prins Huisman Peeters Kuipers Veenstra Kramer Postma "
        "Timmermans"
    ),
    "France": _listed(
        "Bernard Dubois Moreau Laurent Girard Fontaine Rousseau Mercier Lambert Bonnet Faure Garnier Chevalier "
        "Perrin Morin Gauthier Renaud Colin Vidal Roche Brun Blanchard Marchand Dumas Leroux Picard Masson "
        "Poirier"
    ),
    "Spain": _listed(
        "Moreno Navarro Romero Torres Ruiz Serrano Molina Ortega Castillo Delgado Vega Cano Prieto Campos Herrero "
        "Lozano Gil Reyes Cruz Pascual Santana Ferrer Rubio Marín Iglesias Soler Peña"
    ),
}
_INITIALS: Final = ("", *(f" {letter}." for letter in "JMARLTCDHKBSEPGNWF"))

_PAID: Final = (
    "Everyday essentials", "New arrivals", "Gift guide", "Home refresh", "Bestsellers", "Small treats", "Weekend picks",
    "Top rated", "Made to last", "Fresh start", "Little luxuries", "Back in stock", "Staff favourites",
)  # fmt: skip
_MAILED: Final[dict[str, tuple[str, ...]]] = {
    "category_promotion": (
        "New in the kitchen", "A greener garden", "Gear for your workout", "Care for your skin", "Gadgets we like",
        "Books for long evenings", "Toys to share",
    ),
    "loyalty": (
        "Thank you for coming back", "For our regulars", "Because you keep coming back", "Members see it first",
        "A year together", "Our thanks to you", "Good to have you",
    ),
    "discount": (
        "A weekend of savings", "Save on your favourites", "Mid-season sale", "Clearance corner", "Last chance to save",
        "End of season sale", "Something off your next order",
    ),
    "location_based": (
        "What your city loves", "Near you this week", "Local favourites", "Popular in your area", "Around the corner",
        "Delivered to your street", "Close to home",
    ),
    "spending_milestone": (
        "You have reached a milestone", "A gift for your next order", "You are nearly there", "Your reward is here",
        "Unlock free delivery", "Look how far you have come", "One more step",
    ),
    "vip": (
        "First look for our best customers", "An invitation", "Reserved for you", "The preview", "Early access",
        "Just for you", "Behind the scenes",
    ),
}  # fmt: skip
_TEXTED: Final = ("Weekend cashback", "Cashback until Sunday", "Cashback on favourites", "Cashback in your basket")


def people_names(country: pl.Series, first_number: int) -> pl.DataFrame:
    """first_name and last_name of customers in a row, from the one of this number on; no two of a country share both.

    A middle initial comes in once a country's combinations are used up.
    """
    firsts, lasts, seen = [], [], dict.fromkeys(_FIRST, first_number)
    for place in country.to_list():
        at, seen[place] = seen[place], seen[place] + 1
        first, last = _FIRST[place], _LAST[place]
        turn, at = divmod(at, len(first) * len(last))
        # Both move with each customer, so that neighbours in a list share neither.
        row, column = divmod(at, len(first))
        firsts.append(first[column] + _INITIALS[turn % len(_INITIALS)])
        lasts.append(last[(row + column * 7) % len(last)])
    return pl.DataFrame({"first_name": firsts, "last_name": lasts})


def paid_title(channel: str, quarter: int) -> str:
    """ "Paid search flight 03: Gift guide"."""
    words = channel.replace("_", " ").capitalize()
    return f"{words} flight {quarter:02d}: {_PAID[(quarter - 1) % len(_PAID)]}"


def mailing_title(kind: str, issue: int) -> str:
    """ "Mailing 05: Just for you"; `issue` counts all mailings from 1."""
    titles = _MAILED[kind]
    return f"Mailing {issue:02d}: {titles[(issue // len(_MAILED)) % len(titles)]}"


def text_title(issue: int) -> str:
    """ "Text 02: Cashback until Sunday"."""
    return f"Text {issue:02d}: {_TEXTED[(issue - 1) % len(_TEXTED)]}"
