"""Dates with words in them, in seven languages, as the few forms that `dates` reads.

"Di., 5. März 2024 um 10:11 Uhr", "Tue Mar 05 2024 10:11:12 GMT+0100 (Central European Standard Time)" and
"5 de marzo de 2024" become "5 mar 2024 10:11" and so on: months in English and short, no days of the week, zones as
hours from UTC.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from connectors.files.numbers import SPACE

MONTHS: Final = {
    "jan": "january januar janner janvier janv enero ene gennaio gen januari janeiro jan",
    "feb": "february februar feber fevrier fevr febrero febbraio februari fevereiro feb fev",
    "mar": "march marz maerz mrz mars marzo maart mrt marco mar",
    "apr": "april avril avr abril abr aprile apr",
    "may": "may mai mayo maggio mag mei maio",
    "jun": "june juni juin junio giugno giu junho jun",
    "jul": "july juli juillet juil julio luglio lug julho jul",
    "aug": "august aout agosto ago augustus aug",
    "sep": "september septembre septiembre setiembre settembre sett setembro sept sep set",
    "oct": "october oktober okt octobre octubre ottobre ott outubro out oct",
    "nov": "november novembre noviembre novembro nov",
    "dec": "december dezember dez decembre diciembre dicembre dic dezembro dec",
}
# "mar" is a Tuesday too, in French, Spanish and Italian: there it is taken for a month, and the date is none.
WEEKDAYS: Final = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun"
    " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim"
    " lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom"
    " lunedi martedi mercoledi giovedi venerdi sabato domenica gio"
    " maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo"
    " segunda-feira terca-feira quarta-feira quinta-feira sexta-feira segunda terca quarta quinta sexta seg ter qua qui"
    " sex"
)
FILLING: Final = "uhr um at of de del dell di do il le el om a as the den den klokken h o'clock feira"
ZONES: Final = {
    "utc": "+0000", "gmt": "+0000", "pst": "-0800", "pdt": "-0700", "mst": "-0700", "mdt": "-0600", "cst": "-0600",
    "cdt": "-0500", "est": "-0500", "edt": "-0400", "wet": "+0000", "west": "+0100", "cet": "+0100", "cest": "+0200",
    "mez": "+0100", "mesz": "+0200", "eet": "+0200", "eest": "+0300", "aest": "+1000", "aedt": "+1100",
    "jst": "+0900", "nzst": "+1200", "nzdt": "+1300",
}  # fmt: skip
ACCENTS: Final = dict(zip("äáàâãéèêëíìîïóòôõöúùûüçñ", "aaaaaeeeeiiiiooooouuuucn", strict=True))
WORDED: Final = r"\p{L}{2}|,|[^\x00-\x7f]|[ap]\. ?m"
ORDINAL: Final = r"(\d)(?:st|nd|rd|th|er|º|ª|°|\.º)(?:[ ,]|$)"
WORDS: Final = {
    **{f" {word} ": f" {month} " for month, words in MONTHS.items() for word in words.split()},
    **{f" {word} ": " " for word in (*FILLING.split(), *WEEKDAYS.split())},
    **{f" {zone} ": f" {hours} " for zone, hours in ZONES.items()},
}


def plain_dates(values: pl.Series) -> pl.Series:
    """Dates with words in one of the forms without; values without words as they are."""
    worded = values.str.contains(WORDED).fill_null(False)
    if not worded.any():
        return values
    positions = worded.arg_true()
    return values.scatter(positions, _plain(values.gather(positions)))


def _plain(values: pl.Series) -> pl.Series:
    text = values.str.to_lowercase().str.replace_all(SPACE, " ").str.replace_many(list(ACCENTS), list(ACCENTS.values()))
    text = text.str.replace_all(r"\([^)]*\)", "").str.replace_all(r"(?:gmt|utc)([+-]\d)", "$1")
    text = text.str.replace_all(ORDINAL, "$1 ").str.replace_all(r"(\d)h(\d\d)", "$1:$2")
    text = text.str.replace_all(r"(\d) ?([ap])\.? ?m(?:\.| |,|$)", "$1 ${2}m ")
    # Words between blanks, each blank twice, so that neighbours do not share one.
    text = text.str.replace_all(r"(\p{L}{2,})", " $1 ").str.replace_all(r"(\p{L}) *[.,/-]+", "$1 ")
    text = text.str.replace_all(r"[./-]+ +(\p{L}{2})", " $1").str.replace_all(",", " ").str.replace_all(" +", "  ")
    text = ("  " + text + "  ").str.replace_many(list(WORDS), list(WORDS.values()), leftmost=True)
    text = text.str.replace_all(" +", " ").str.strip_chars()
    return text.str.replace_all(r"(\d)t(\d)", "${1}T$2").str.replace_all(r"(\d)z$", "${1}Z")
