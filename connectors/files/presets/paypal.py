"""PayPal: the activity download, English and German."""

from __future__ import annotations

from connectors.files.columns import by_sign, first_of, signed_word, together
from connectors.files.preset import LeftOut, Part, Preset

# What moves money without being a sale to anybody, by PayPal's own words for the type of a transaction.
_NO_SALE = (
    r"withdraw|transfer|deposit|currency conversion|\bhold\b|reserve|release|\bfee\b|authori[sz]ation|bill user payment"
    r"|funding|bank|payout|mass ?pay|debit card|cash ?back|request|loan|interest"
    r"|abbuchung|auszahlung|umrechnung|einbehalt|bankgutschrift|uberweisung|freigabe|gebuhr|autorisierung|lastschrift"
    r"|auftrag|anfrage"
)
_MOVES = LeftOut(
    "word",
    _NO_SALE,
    "Movements that are no sale (withdrawals, transfers, currency conversions, holds, fees) were left out.",
)
_SENT = LeftOut(
    "word",
    r"^minus (?!.*(?:refund|reversal|chargeback|dispute|return|ruckzahlung|erstattung|ruckbuchung|storn))",
    "Payments sent to others were left out: they are costs, not refunds.",
)
_NOTE = (
    "Revenue is “{0}”, before PayPal's fee; the running balance (“{1}”) is not read. Times are read in the time zone of"
    " the organisation, whatever their zone column says."
)
# An order that was refunded stays the sale that it was: its refund is a row of its own.
_OWN_REFUNDS = dict.fromkeys(
    ("refunded", "partially refunded", "reversed", "ruckzahlung erfolgt", "zuruckgezahlt", "teilweise zuruckgezahlt"),
    "sale",
)

PRESETS = (
    Preset(
        name="paypal_activity",
        title="PayPal activity (English)",
        source="PayPal → Activity → Download",
        marks=("Date", "Type", "Status", "Currency", "Gross", "Net", "Transaction ID"),
        parts=(
            Part(
                "orders",
                {
                    "order_id": "Transaction ID",
                    "email": ("counterparty", "From Email Address"),
                    "ordered_at": "paid_at",
                    "revenue": "Gross",
                    "currency": "Currency",
                    "status": "Type",
                    "payment_status": "Status",
                    "tax": "Sales Tax",
                    "shipping": "Shipping and Handling Amount",
                    "country": "Country",
                    "name": "Name",
                    "refund_of": "Reference Txn ID",
                },
            ),
        ),
        derived={
            "paid_at": together("Date", "Time"),
            "counterparty": by_sign("Gross", minus="To Email Address", plus="From Email Address"),
            "word": signed_word("Gross", "Type"),
        },
        leave_out=(
            _MOVES,
            LeftOut("Balance Impact", r"^memo$", "Rows that move no balance (memo) were left out."),
            _SENT,
        ),
        statuses=_OWN_REFUNDS,
        note=_NOTE.format("Gross", "Balance"),
        unread="Fee and Net (what PayPal keeps), Balance, addresses, item titles.",
    ),
    Preset(
        name="paypal_activity_german",
        title="PayPal-Aktivitäten (German)",
        source="PayPal → Aktivitäten → Herunterladen",
        marks=("Datum", "Währung", "Brutto", "Netto", "Transaktionscode"),
        parts=(
            Part(
                "orders",
                {
                    "order_id": "Transaktionscode",
                    "email": ("counterparty", "Absender E-Mail-Adresse", "Von E-Mail-Adresse"),
                    "ordered_at": "paid_at",
                    "revenue": "Brutto",
                    "currency": "Währung",
                    "status": "kind",
                    "payment_status": "Status",
                    "tax": ("Umsatzsteuer", "Mehrwertsteuer"),
                    "shipping": ("Versandkosten", "Betrag für Versandkosten", "Versand- und Bearbeitungsgebühr"),
                    "country": "Land",
                    "name": "Name",
                    "refund_of": ("Zugehöriger Transaktionscode", "Transaktionscode der Referenz", "Referenz-Txn-ID"),
                },
            ),
        ),
        derived={
            "paid_at": together("Datum", "Uhrzeit"),
            "counterparty": by_sign("Brutto", minus="Empfänger E-Mail-Adresse", plus="Absender E-Mail-Adresse"),
            "kind": first_of("Typ", "Beschreibung"),
            "word": signed_word("Brutto", "Typ"),
            "words": signed_word("Brutto", "Beschreibung"),
        },
        leave_out=(
            _MOVES,
            LeftOut("words", _MOVES.form, _MOVES.said),
            LeftOut("Auswirkung auf Guthaben", r"^memo$", "Rows that move no balance (memo) were left out."),
            _SENT,
            LeftOut("words", _SENT.form, _SENT.said),
        ),
        statuses=_OWN_REFUNDS,
        note=_NOTE.format("Brutto", "Guthaben"),
        unread="Entgelt or Gebühr and Netto (what PayPal keeps), Guthaben, addresses.",
    ),
)
