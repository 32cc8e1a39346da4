"""Whether a text is in another language than English: by its small words, its letters, and the English it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import cache
from typing import Final

from language.vocabulary import known_words

__all__ = ["is_foreign"]

# The small words of a language and what shops are asked about in it, language after language, less those that English
# or names hold as well ("man", "van", "order").
_FOREIGN: Final = frozenset(
    """
    der das und ist wie viele viel kunden kunde umsatz umsätze welche welcher welches wer wir uns haben hatten nicht
    für im monat monats zeige zeig mir bitte bestellungen bestellung letzten letzte letzter letztes jahr jahres
    woche aus von mit wieviel wieviele wann unsere unser unseren unserer ihr sie ich du bin sind kannst hallo danke
    guten morgen heute gestern gab gibt es ein eine einen dem zum zur bei auf über oder auch nur netto brutto
    verkauft gekauft produkte
    le les des du de la une est et combien clients chiffre affaires quel quels quelle quelles nous vous mois dans
    avec pour sur avons notre nos sont ventes commandes commande merci bonjour salut année dernier dernière aux qui
    que quoi ont été fait en au cette ce je tu il elle montre moi meilleurs produits donne combien
    el los las cuántos cuantos cuántas cuantas cuánto cuanto cuánta clientes ingresos qué cuál cual cuáles nosotros
    mes para con por pedidos pedido ventas hola gracias año ano este esta pasado tenemos hubo fue nuestros nuestro
    mejores productos dime muéstrame una unos del quién más facturas españa en
    quanti quante quanto fatturato gli il lo che sono abbiamo ordini ordine clienti mese anno scorso grazie ciao nel
    nella della delle dei di e questo questa vendite quali quale chi nostri migliori prodotti mostra mostrami
    quantos quantas receita vendas encomendas pedidos mês ano passado obrigado olá favor nós temos tivemos nosso
    nossos quais qual quem do da dos das em no na um uma foram foi são melhores produtos mostre
    hoeveel klanten klant omzet zijn het een hebben hadden onze welke wie wij bestellingen maand jaar vorig vorige
    deze bedankt dank hallo goedemorgen niet voor met uit naar bij ook laat zien beste producten producten verkocht
    graag
    ile klientów klienci zamówień zamówienia sprzedaż przychód mamy mieliśmy miesiąc miesiącu rok roku jaki jaka
    jakie ilu nasz nasze nasi jest są był była było proszę dziękuję cześć dzień dobry który która które kto pokaż mi
    w z na się nie dla oraz
    hur många mycket kunder kund ordrar försäljning omsättning hade har vi är och det att som för på med inte månad
    månaden förra maj år året vilka vilken vem våra vår tack hej god visa mig från
    hvor mange meget kunder ordrer salg omsætning omsetning havde hadde vi er og det som på ikke måned sidste siste
    hvilke hvilken hvem vores våre tak takk hej hei vis meg mig fra
    kolik máme zákazníků zákazníci objednávek objednávky tržby prodej jsme měli měsíc rok který která které kdo naše
    náš je jsou bylo prosím děkuji ahoj dobrý den ukaž loni minulý kolko zákazníkov objednávok mali
    kuinka monta paljon asiakasta asiakkaita tilausta tilauksia myynti liikevaihto meillä on oli kuukausi vuosi
    viime mikä mitkä kuka kiitos hei näytä
    hány mennyi ügyfél ügyfelünk vásárló rendelés bevétel volt van hónap év múlt melyik kik köszönöm szia mutasd egy
    és nem
    câți cati câte cate clienți clienti comenzi vânzări venituri avem avut luna anul trecut care este sunt mulțumesc
    bună arată
    kaç müşteri müşterimiz sipariş satış ciro geçen ay yıl hangi kim var oldu teşekkürler merhaba göster ve bu ne
    kadar
    koliko kupaca kupci narudžbi prihod prodaja imamo imali mjesec godina prošli koji koja tko hvala bok pokaži smo
    su
    """.split()  # noqa: SIM905
) - frozenset(
    """
    los las el do das no na on me mi a e i w z ne per ve van von order man come is in an am so var en ay bin son god
    hei den dank ano rok kind vis er fra bok care tu su es est este ce
    """.split()  # noqa: SIM905
)
_ENGLISH: Final = frozenset(
    """
    the what how who is are our of and to for many much show me last which do did does was were have has my give an by
    with from tell it they them please can you your this that these those there not only all when where why at be or if
    than then most least best worst between since until no yes would could should we in on as about just now
    """.split()  # noqa: SIM905
)
_SHARED: Final = frozenset({"per", "top", "total", "plus", "super", "land", "normal"})
_QUOTED = r"[\"“«][^\"”»]*[\"”»]"


def is_foreign(text: str, names: Set[str] = frozenset()) -> bool:
    """True when the words are of another language than English; `names`, in lower case, are words of the data."""
    words = re.findall(r"[^\W\d_]+", re.sub(_QUOTED, " ", text.lower()))
    if not words:
        return False
    letters = "".join(words)
    if sum(not _is_latin(letter) for letter in letters) * 2 > len(letters):
        return True
    small = [w for w in words if w in _FOREIGN]
    marked = [w for w in words if w not in _FOREIGN and w not in names and not w.isascii()]
    english = [w for w in words if w not in _FOREIGN and (w in _ENGLISH or w in _known())]
    foreign = len(small) + len(marked)
    return foreign > len(english) if small else foreign > len(english) + 1 or foreign == len(words) > 1


@cache
def _known() -> frozenset[str]:
    return known_words() - _SHARED


def _is_latin(letter: str) -> bool:
    return letter.isascii() or "LATIN" in unicodedata.name(letter, "")
