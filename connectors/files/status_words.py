"""The words shops, payment services and people write for what became of an order, by what the money did.

`sale`: it came or is on its way. `pending`: not paid yet. `void`: it never came (cancelled, failed, expired, a test).
`returned`: it came and went back. `refund`: the row itself is money that goes back. Words are written folded: lower
case, without accents, single spaces (`wc-on-hold` is "on hold").
"""

from __future__ import annotations

from typing import Literal

__all__ = ["OUTCOMES", "STEMS", "WORDS", "Outcome"]

Outcome = Literal["sale", "pending", "void", "returned", "refund"]
OUTCOMES: tuple[Outcome, ...] = ("sale", "pending", "void", "returned", "refund")

# Shopify, WooCommerce, Magento, Stripe, PayPal, Square, BigCommerce, Amazon, Etsy; then English, German, French,
# Spanish, Italian, Dutch, Portuguese.
_SALE = """
paid, partially paid, partially refunded, partial refund, refunded partially, partially returned, refund pending,
completed, complete, processing, processed, shipped, partially shipped, fulfilled, partially fulfilled, partial,
unfulfilled, unshipped, not shipped, delivered, picked up, in transit, out for delivery, sent, packed, succeeded,
success, successful, captured, settled, cleared, confirmed, approved, accepted, active, closed, archived, done,
finished, ok, open, ready, ready for pickup, awaiting fulfillment, awaiting fulfilment, awaiting shipment,
awaiting pickup, manual verification required, sale, order, orders, payment, purchase, charge, invoice, invoiced,
invoice paid, renewal, subscription, subscription initial, subscription renewal, one time, onetime, initial, recurring,
first, new, online, retail, shipping, exchanged, resolved, credited partially, won, dispute won, pos,
shipped delivered to buyer, shipped picked up, shipped out for delivery, return requested, standard,
bezahlt, abgeschlossen, erledigt, versendet, versandt, verschickt, geliefert, zugestellt, ausgeliefert, in bearbeitung,
in arbeit, fertig, bestatigt, verkauf, bestellung, zahlung, rechnung, teilweise erstattet, teilerstattet, teilbezahlt,
teilweise bezahlt, teilweise geliefert, offen lieferung, abgeholt, neu, wird versendet, in zustellung,
paye, payee, termine, terminee, complet, complete, expedie, expediee, livre, livree, en cours, en cours de traitement,
traite, traitee, vente, commande, paiement, facture, partiellement rembourse, partiellement remboursee, validee, valide,
confirmee, confirme, en preparation, remboursement partiel, paiement accepte, en cours de livraison, reussi,
pagado, pagada, completado, completada, enviado, enviada, entregado, entregada, procesando, en proceso, procesado,
venta, pedido, pago, factura, reembolsado parcialmente, parcialmente reembolsado, confirmado, confirmada, cobrado,
en camino, finalizado, pago aceptado,
pagato, pagata, completato, completata, spedito, spedita, consegnato, consegnata, in lavorazione, vendita, ordine,
pagamento, fattura, parzialmente rimborsato, rimborsato parzialmente, confermato, evaso, concluso, in consegna,
betaald, voltooid, afgerond, verzonden, geleverd, bezorgd, in behandeling, verwerkt, verkoop, bestelling, betaling,
factuur, gedeeltelijk terugbetaald, bevestigd, afgehandeld, onderweg,
pago, paga, concluido, concluida, enviado, entregue, processando, em processamento, venda, encomenda, pagamento, fatura,
reembolsado parcialmente, parcialmente reembolsado, aprovado, aprovada, faturado, a caminho
"""
_PENDING = """
pending, pending payment, payment pending, awaiting payment, waiting for payment, unpaid, not paid, due, overdue,
past due, on hold, held, holded, hold, payment review, authorized, authorised, authorization, authorisation,
open invoice,
draft, checkout draft, incomplete, requires payment method, requires action, requires confirmation, requires capture,
requires payment, in progress payment, uncaptured, created, invoice sent, partially authorized, pending review, quote,
quotation, proforma, uncleared, unsettled, invoice open, outstanding, pre order, preorder,
offen, ausstehend, unbezahlt, nicht bezahlt, wartet auf zahlung, zahlung ausstehend, warten auf zahlung,
in wartestellung,
angehalten, schwebend, entwurf, zuruckgestellt, zahlung offen, uberfallig, autorisiert, reserviert, noch offen,
en attente, en attente de paiement, en attente du paiement, impaye, impayee, non paye, non payee, brouillon, autorise,
autorisee, a payer, paiement en attente, en souffrance,
pendiente, pendiente de pago, pago pendiente, esperando pago, en espera, no pagado, sin pagar, impagado, borrador,
autorizado, por pagar, retenido,
in attesa, in attesa di pagamento, in sospeso, non pagato, da pagare, bozza, autorizzato, attesa pagamento,
in afwachting, wacht op betaling, in afwachting van betaling, openstaand, onbetaald, niet betaald, in de wacht, concept,
geautoriseerd,
pendente, aguardando pagamento, pagamento pendente, aguarda pagamento, nao pago, em espera, rascunho, por pagar,
em aberto, aguardando
"""
_VOID = """
cancelled, canceled, cancel, cancellation, cancelled by customer, cancelled by seller, cancelled by buyer, voided, void,
failed, failure, declined, denied, rejected, refused, expired, abandoned, error, blocked, fraud, suspected fraud,
deleted, trash, removed, test, sandbox, disputed void, timed out, timeout, reversed before capture, not completed,
unsuccessful, invalid, duplicate, no show, lost, uncollectible, written off, payment failed, payment error,
storniert, stornierung, storno, abgebrochen, fehlgeschlagen, abgelehnt, verfallen, abgelaufen, ungultig, geloscht,
annulliert, nicht erfolgreich, gescheitert, zahlung fehlgeschlagen, widerrufen,
annule, annulee, annulation, echoue, echouee, echec, refuse, refusee, expire, expiree, abandonne, abandonnee, rejete,
rejetee, supprime, erreur de paiement,
cancelado, cancelada, anulado, anulada, fallido, fallida, rechazado, rechazada, expirado, expirada, caducado, caducada,
abandonado, eliminado, denegado, vencido,
annullato, annullata, cancellato, cancellata, fallito, fallita, rifiutato, rifiutata, scaduto, scaduta, abbandonato,
respinto, stornato,
geannuleerd, mislukt, geweigerd, verlopen, vervallen, afgewezen, afgebroken, verwijderd, afgekeurd,
falhado, falhou, falha, recusado, recusada, rejeitado, expirou, negado, estornado cancelado
"""
_RETURNED = """
refunded, fully refunded, returned, money returned, charged back, chargebacked, disputed, dispute lost, reversed,
returned to seller, shipped returned to seller, shipped returning to seller, charge refunded, credited, undelivered,
returning, return completed, return received,
erstattet, ruckerstattet, zuruckerstattet, zuruckgezahlt, retourniert, zuruckgesendet, zuruckgeschickt, retoure,
ruckbuchung, ruckgebucht, gutgeschrieben, vollstandig erstattet, ruckabgewickelt,
rembourse, remboursee, retourne, retournee, renvoye, rembourse integralement,
reembolsado, reembolsada, devuelto, devuelta, abonado,
rimborsato, rimborsata, reso, restituito,
terugbetaald, geretourneerd, retour, gecrediteerd, teruggestuurd,
reembolsado, reembolsada, devolvido, devolvida, estornado, estornada
"""
_REFUND = """
refund, refunds, return, payment refund, partial payment refund, credit, credit note, credit memo, creditnote,
chargeback, charge back, reversal, payment reversal, sale return, goods return, money back, shop order refund,
gutschrift, stornorechnung, ruckzahlung, ruckerstattung, erstattung, ruckgabe, rechnungskorrektur, ruckbuchung zahlung,
remboursement, avoir, note de credit, retour produit,
reembolso, devolucion, nota de credito, abono, nota de abono,
rimborso, nota di credito, nota di accredito, storno vendita,
terugbetaling, creditnota, creditfactuur, retourzending,
devolucao, estorno, nota de credito, reembolso parcial
"""


def _folded(words: str, outcome: Outcome) -> dict[str, Outcome]:
    return {word.strip(): outcome for word in words.replace("\n", " ").split(",") if word.strip()}


WORDS: dict[str, Outcome] = (
    _folded(_SALE, "sale")
    | _folded(_PENDING, "pending")
    | _folded(_VOID, "void")
    | _folded(_RETURNED, "returned")
    | _folded(_REFUND, "refund")
)

# What a longer word that is not listed is taken for, by what it holds; said, for it is a guess. The first that fits.
STEMS: tuple[tuple[str, Outcome], ...] = (
    (r"\b(?:not|non|nicht|no|nao|niet|un)\b", "pending"),
    (r"partial|teilweise|partiel|parcial|parzial|gedeeltelijk", "sale"),
    (r"cancel|storn|annul|anul|void|fail|fehlgeschlagen|echou|mislukt|declin|reject|expir|abandon|denied", "void"),
    (r"refunded|erstattet|rembourse|reembolsad|rimborsat|terugbetaald|charged ?back|chargeback|returned", "returned"),
    (r"await|wait|pending|attente|pendient|attesa|afwachting|aguardando|ausstehend|unpaid|unbezahlt", "pending"),
    (
        r"\brefunds?\b|ruckzahlung|ruckerstattung|gutschrift|credit note|remboursement|rimborso|reembolso|devolucion"
        r"|terugbetaling|chargeback|reversal|ruckbuchung",
        "refund",
    ),
    (r"payment|zahlung|paiement|pagamento|\bpago\b|betaling", "sale"),
    (r"\b(?:paid|bezahlt|paye|pagad[oa]|pagat[oa]|betaald|shipped|deliver\w*|complet\w*)\b", "sale"),
)
