"""What somebody wants who answers a text message with a word that carriers know: no more, more again, or help.

The words of the carriers (CTIA: STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT; FCC 2025: REVOKE, OPTOUT), and what
people write in other languages in their place. A word counts where nothing else is said but please, now, all and the
like: "stop by tomorrow" is no wish.
"""

from __future__ import annotations

import unicodedata

from connectors.channels.events import EventKind

__all__ = ["wish_of"]

STOP = """
    stop stopall unsubscribe cancel end quit revoke optout remove
    stopp stoppen abmelden abbestellen ende kundigen arret arreter desabonner desinscrire alto baja parar cancelar
    detener sair basta annulla cancella disiscrivi afmelden uitschrijven avsluta avregistrera afmeld avslutt avmeld
    lopeta rezygnuje wypisz odhlasit dezabonare leiratkozas стоп отписаться dur iptal
"""
START = "start yes unstop subscribe optin"
HELP = "help info hilfe aide ayuda ajuda aiuto hulp hjalp hjaelp hjelp apua pomoc segitseg"
BESIDE = """
    please pls all now me it this these promotions sms texts text texting messages messaging messaggi bitte alle jetzt
    svp merci por favor prego per favore alsjeblieft tack takk tak thanks thank you the
"""
LONGEST = 80
_BESIDE = frozenset(BESIDE.split())
_KINDS: tuple[tuple[frozenset[str], EventKind], ...] = (
    (frozenset(STOP.split()), "unsubscribed"),
    (frozenset(START.split()), "resubscribed"),
    (frozenset(HELP.split()), "asked_help"),
)


def wish_of(words: str) -> EventKind | None:
    """What an answer asks for; None where it says something else, or more than one thing."""
    if len(words) > LONGEST:
        return None
    said = _plain(words)
    joined = "".join(said)
    for known, kind in _KINDS:
        if joined in known or (any(word in known for word in said) and all(word in known | _BESIDE for word in said)):
            return kind
    return None


def _plain(words: str) -> list[str]:
    """Words without case, accents and signs: "Arrêt!" is arret, "opt-out" is opt out."""
    folded = unicodedata.normalize("NFKD", words.casefold().replace("æ", "ae").replace("ø", "o"))
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in bare).split()
