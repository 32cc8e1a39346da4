"""What the fields are called in German, French, Spanish, Italian, Dutch and Portuguese, folded: no accents or blanks.

What follows a name in brackets or after a unit is no part of it: `Betrag (EUR)` is looked up as `betrag` too.
"""

from __future__ import annotations

__all__ = ["HEADER_WORDS", "NO_REVENUE"]

_WORDS = {
    "order_id": """
        bestellnummer bestellnr bestellid auftragsnummer auftragsnr auftragsid bestellung auftrag rechnungsnummer
        rechnungsnr belegnummer belegnr beleg bon bonnr kassenbon quittung quittungsnummer vorgangsnummer
        transaktionscode transaktionsnummer transaktionsid
        commande numerocommande numerodecommande ncommande nocommande ndecommande idcommande facture numerodefacture
        nfacture referencecommande refcommande ticket numeroticket ticketdecaisse recibo scontrino ricevuta
        pedido numeropedido numerodepedido npedido nopedido nodepedido idpedido iddepedido idpedido factura
        numerofactura numerodefactura referenciapedido
        ordine numeroordine nordine nordini idordine numerodordine nodordine fattura numerofattura
        bestelnummer ordernummer bestelling factuurnummer bestellingnr bestelnr bonnummer
        encomenda numeroencomenda numerodaencomenda numerodopedido nencomenda ndopedido idencomenda fatura
        numerofatura
    """,
    "customer": """
        kundennummer kundennr kundenid kunde kdnr debitorennummer
        client idclient numeroclient numeroduclient codeclient nclient
        cliente idcliente numerocliente codigocliente ncliente codicecliente
        klantnummer klantnr klantid klant codigodocliente numerodocliente iddocliente
    """,
    "ordered_at": """
        bestelldatum auftragsdatum kaufdatum rechnungsdatum belegdatum bestelltam datum zeitpunkt erstelltam
        buchungsdatum
        datecommande datedecommande datedelacommande dateachat datefacture datedefacture datecreation creele
        fechapedido fechadepedido fechadelpedido fechacompra fechadecompra fechafactura fecha fechacreacion fechayhora
        dataordine datadellordine dataacquisto datafattura data datadordine
        besteldatum orderdatum aankoopdatum factuurdatum
        datapedido datadopedido dataencomenda datadaencomenda datacompra datadecompra datafatura
    """,
    "revenue": """
        gesamtbetrag gesamtsumme gesamt betrag summe umsatz bruttobetrag bruttoumsatz endbetrag rechnungsbetrag
        bestellwert auftragswert gesamtpreis brutto zahlbetrag
        montant montanttotal montantttc totalttc total prixtotal chiffredaffaires totalcommande montantcommande
        importe importetotal total totalpedido ventas montototal monto preciototal
        importo importototale totale totaleordine prezzototale ricavo incasso
        bedrag totaalbedrag totaal omzet totaalprijs ordertotaal orderbedrag
        valor valortotal montante totalencomenda precototal valordopedido receita
    """,
    "quantity": """
        menge anzahl stuck stuckzahl quantite qte cantidad cant unidades quantita qta aantal hoeveelheid quantidade
        qtd
        qtde
    """,
    "unit_price": """
        einzelpreis stuckpreis preis preisprostuck prixunitaire prix preciounitario precio preciounidad prezzounitario
        prezzo stukprijs prijs eenheidsprijs precounitario preco valorunitario
    """,
    "sku": """
        artikelnummer artikelnr artnr produktnummer produktid reference referenceproduit codeproduit referencia
        codigoproducto codiceprodotto codicearticolo artikelcode productnummer codigoproduto codigo
    """,
    "description": """
        artikel artikelname artikelbezeichnung produkt produktname bezeichnung produit nomproduit designation article
        libelle producto nombreproducto nombredelproducto articulo prodotto nomeprodotto articolo productnaam produto
        nomeproduto nomedoproduto descricao descripcion descrizione omschrijving beschreibung
    """,
    "category": """
        kategorie warengruppe produktgruppe categorie famille categoria familia categoriaprodotto productgroep
    """,
    "status": """
        bestellstatus auftragsstatus zustand statut statutcommande etat etatcommande estado estadopedido
        estadodelpedido stato statoordine statodellordine bestelstatus orderstatus estadoencomenda situacao
        vorgangsart buchungsart typ
    """,
    "payment_status": """
        zahlungsstatus bezahlstatus zahlstatus statutpaiement statutdupaiement etatpaiement estadopago estadodelpago
        estadodepago statopagamento statodelpagamento betaalstatus betalingsstatus estadopagamento estadodopagamento
        statuspagamento
    """,
    "fulfilment_status": """
        lieferstatus versandstatus statutlivraison etatlivraison estadoenvio estadodelenvio statospedizione
        verzendstatus leveringsstatus estadoenvio estadoentrega
    """,
    "cancelled_at": """
        storniertam stornodatum annulele dateannulation canceladoel fechacancelacion annullatoil dataannullamento
        geannuleerdop annuleringsdatum canceladoem datacancelamento
    """,
    "currency": "wahrung devise monnaie moneda divisa valuta moeda valutacode codigomoneda",
    "tax": """
        mwst mehrwertsteuer ust umsatzsteuer steuer steuerbetrag tva montanttva taxes impuesto impuestos iva
        importeiva
        imposta tasse btw btwbedrag imposto impostos
    """,
    "shipping": """
        versand versandkosten porto lieferkosten fraisdeport livraison fraisdelivraison envio gastosdeenvio
        costedeenvio spedizione spesedispedizione costispedizione verzendkosten verzending frete portes custosdeenvio
    """,
    "discount": """
        couponvalue
        rabatt nachlass gutscheinbetrag rabattbetrag remise reduction montantremise descuento importedescuento sconto
        importosconto korting kortingsbedrag desconto valordesconto
    """,
    "voucher_code": """
        couponcodes promotioncode couponsused
        gutscheincode rabattcode aktionscode codepromo codereduction codigodescuento codigopromocional codicesconto
        kortingscode codigodedesconto
    """,
    "refunded": """
        erstattet erstattungsbetrag ruckerstattung ruckzahlung erstatteterbetrag rembourse montantrembourse
        remboursement
        reembolsado importereembolsado reembolso rimborsato importorimborsato rimborso terugbetaald terugbetaling
        valorreembolsado
    """,
    "refunded_at": """
        erstattungsdatum erstattetam ruckzahlungsdatum dateremboursement fechareembolso datarimborso
        terugbetaaldop terugbetalingsdatum datareembolso
    """,
    "subtotal": "zwischensumme warenwert soustotal subtotale subtotaal subtotal nettobetrag totalht montantht",
    "country": """
        countryname land lieferland rechnungsland pays paysdelivraison pais paisdeenvio paese nazione landnaam paisenvio
    """,
    "city": "stadt ort lieferort ville ciudad citta plaats woonplaats stad cidade localidade localidad",
    "name": """
        kundenname nomclient nomduclient nombrecliente nombredelcliente nombre nomecliente nomedelcliente klantnaam
        naam
        nomedocliente nome nom
    """,
    "first_name": "vorname prenom primernombre nome voornaam primeironome",
    "last_name": "nachname familienname nomdefamille apellido apellidos cognome achternaam apelido sobrenome",
    "created_at": """
        registriertam kundeseit angelegtam dateinscription fecharegistro fechaalta dataregistrazione
        aangemaaktop datacadastro
    """,
    "day": "tag datum jour date fecha dia giorno data dag",
    "spend": """
        kosten ausgaben werbekosten depense depenses cout coste gasto gastos costo spesa kosten uitgaven
        custo gastos
    """,
    "cost": "kosten ausgaben ausgegebenerbetrag cout depenses coste gasto costo spesa uitgaven custo",
    "channel": "kanal vertriebskanal canal canaldevente canaldeventa canale kanaal canaldevenda",
    "impressions": "impressionen impresiones impressioni vertoningen impressoes",
    "clicks": "klicks clics clic klikken cliques",
    "conversions": "konversionen conversiones conversioni conversies conversoes",
    "campaign_id": "kampagne kampagnenname kampagnenid campagne campana campagna campanha",
    "email": """
        emailadresse mail mailadresse adresseemail adressemail courriel correo correoelectronico direccionemail
        indirizzoemail posta emailadres enderecoemail emailcliente kundenemail
    """,
    "phone": """
        telefon telefonnummer handy telephone numerodetelephone telefono telefoonnummer telefoon telefone
        telemovel
    """,
}
HEADER_WORDS = {field: tuple(dict.fromkeys(words.split())) for field, words in _WORDS.items()}

# Headers of amounts that are no revenue, whatever they end in: what is left, what is kept, what is taken off.
NO_REVENUE = (
    r"balance|saldo|guthaben|kontostand|solde|running|cumul|kumul|\bfees?|fee$|^fee|gebuhr|entgelt|commission|provision"
    r"|frais|comision|commissie|payout|auszahlung|cost|kosten|tax|vat$|^vat|mwst|ust$|^iva$|^tva$|btw|shipping|versand"
    r"|discount|rabatt|remise|descuento|sconto|korting|desconto|refund|erstatt|rembours|reembols|rimbors|terugbet"
    r"|^tips?$|amountdue|totaldue|outstanding|deposit|weight|gewicht|limit|compareat|lifetime|ltv|margin|profit|rate$"
    r"|percent|discounttotal|subtotal|budget|latitude|longitude|exchange|score|rating"
)
