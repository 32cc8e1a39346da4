"""What columns of addresses and of consent are called in the exports of shops and mailing tools, in seven languages.

Written without case, accents and separators. connectors/files/consents.py knows what else is said beside a consent.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ADDRESSES", "EMAIL", "EMAIL_BESIDE", "SMS", "SMS_BESIDE", "TELEPHONES"]

Headers = tuple[str, ...]


def _names(words: str) -> Headers:
    return tuple(words.split())


ADDRESSES: Headers = _names(
    "email emailaddress customeremail mail contactemail billingemail billingemailaddress buyeremail"
    " buyeremailaddress useremail clientemail memberemail subscriberemail profileemail customeremailaddress"
    " contactemailaddress primaryemail emailprimary emailid payeremail fromemailaddress emailadresse mailadresse"
    " kundenemail adressemail adresseemail adressedemessagerie courriel courrielclient correo correoelectronico"
    " emailcliente direccionemail direcciondecorreo indirizzoemail postaelettronica emailcliente emailadres"
    " emailklant enderecodeemail emaildocliente"
)
TELEPHONES: Headers = _names(
    "phone phonenumber mobile mobilenumber telephone tel customerphone mobilephone mobilephonenumber cell"
    " cellphone cellphonenumber cellnumber smsnumber whatsapp telephonenumber contactphone billingphone buyerphone"
    " buyerphonenumber userphone phoneprimary primaryphone defaultaddressphone telefon telefonnummer handy"
    " handynummer mobil mobilnummer mobiltelefon rufnummer numerodetelephone portable telephoneportable telefono"
    " telefonomovil numerodetelefono celular movil cellulare numeroditelefono telefone telemovel telefoon"
    " telefoonnummer mobiel mobielnummer"
)
EMAIL: Headers = _names(
    "emailconsent acceptsmarketing emailoptin optin subscribed marketingconsent acceptsemailmarketing"
    " emailmarketingconsent emailmarketing emailmarketingstatus emailmarketingoptin emailsubscriptionstatus"
    " emailsubscription emailsubscribed emailpermission emailpermissionstatus emailstatus marketingstatus"
    " marketingpermission marketingpermissions marketingemails marketingemailconsent marketingoptin"
    " customeracceptsmarketing buyeracceptsmarketing acceptsnewsletter acceptsemails acceptsemail issubscribed"
    " subscriptionstatus subscriberstatus subscribedtonewsletter subscribedtoemails newsletter newsletterstatus"
    " newslettersubscription newsletteroptin newslettersubscriber newsletterconsent optedin optedintoemail"
    " optinstatus emailoptinstatus memberstatus consent consentstatus permission canemail okaytoemail oktoemail"
    " mayemail agreedtomarketing agreedtoemails contactpermission gdprmarketing newsletterabonniert newsletterabo"
    " newsletteranmeldung newsletterempfanger newsletterempfaenger newsletteraktiv newslettererlaubt"
    " newsletterzustimmung werbeeinwilligung werbezustimmung emailwerbung einwilligung einwilligungemail"
    " emaileinwilligung einwilligungnewsletter zustimmung zustimmungemail werbungerlaubt abonniert abonne abonnee"
    " abonnenewsletter inscritnewsletter inscritalanewsletter inscriptionnewsletter infolettre consentement"
    " consentementemail consentementmarketing accepteemails acceptenewsletter acceptemarketing optinemail"
    " optinnewsletter accordmarketing suscrito suscritoboletin suscritoalboletin suscritonewsletter suscripcion"
    " suscripcionboletin boletin aceptamarketing aceptapublicidad aceptaemails aceptaemail aceptacorreos"
    " aceptanewsletter consentimiento consentimientoemail consentimientomarketing iscritto iscrittonewsletter"
    " iscrittoallanewsletter iscrizionenewsletter consenso consensomarketing consensoemail consensonewsletter"
    " accettamarketing accettanewsletter accettaemail nieuwsbrief nieuwsbriefingeschreven ingeschrevennieuwsbrief"
    " ingeschreven aangemeld aangemeldnieuwsbrief toestemming toestemmingemail toestemmingmarketing"
    " emailtoestemming status state inscritonanewsletter inscritonewsletter assinante assinantenewsletter"
    " aceitamarketing aceitaemail aceitaemails aceitanewsletter consentimento consentimentoemail"
    " consentimentomarketing"
)
EMAIL_BESIDE: Mapping[str, Headers] = {
    "refused": _names(
        "unsubscribed unsubscribe isunsubscribed unsubscribedfromallemail unsubscribedfromallemails unsubscribedfromall"
        " emailunsubscribed optedout emailoptout optout optedoutofemail hasoptedoutofemail hasoptedout donotemail"
        " donotcontact suppressed issuppressed emailsuppressed bounced emailbounced ishardbounced hardbounced"
        " invalidemailaddress blocked blacklisted emailblacklisted emailsuppressions emailsuppression suppressionreason"
        " abgemeldet newsletterabgemeldet keinewerbung werbesperre desabonne desinscrit dadodebaja baja disiscritto"
        " uitgeschreven afgemeld descadastrado"
    ),
    "stated": _names(
        "emailconsenttimestamp emailmarketingconsenttimestamp emailmarketingconsentupdatedat consenttimestamp"
        " consentupdatedat emailconsentdate consentdate dateofconsent optinstatusdate subscriptionstatusdate"
        " marketingconsentdate marketingconsentupdatedat consentat consentlastchanged lastchanged"
        " einwilligungam einwilligungsdatum dateconsentement fechaconsentimiento dataconsenso datumtoestemming"
    ),
    "agreed_at": _names(
        "confirmtime optintime optindate optinat optedinat optintimestamp subscribedat subscribedon subscribeddate"
        " subscribedate datesubscribed subscriptiondate emailsubscribedat confirmedat confirmdate confirmationtime"
        " doubleoptinat doubleoptindate newsletterseit newslettersince abonniertam abonniertseit angemeldetam"
        " anmeldedatumnewsletter dateinscriptionnewsletter dateabonnement fechasuscripcion datadiiscrizione"
        " dataiscrizione aanmelddatum datadeinscricao datainscricao consentgivenat"
    ),
    "left_at": _names(
        "unsubtime unsubscribedat unsubscribedon unsubscribetime unsubscribedate unsubscribeddate dateunsubscribed"
        " unsubscriptiondate optouttime optoutdate optoutat optedoutat unsubscribed unsubscribe suppressedat"
        " abgemeldetam abmeldedatum datedesabonnement datedesinscription fechabaja fechadebaja datadisiscrizione"
        " uitschrijfdatum afmelddatum datadescadastro consentwithdrawnat"
    ),
    "bounced_at": _names(
        "cleantime cleanedat bouncedat bouncetime bouncedate hardbouncedat hardbouncedate dateofbounce"
    ),
}
SMS: Headers = _names(
    "smsconsent smsoptin acceptssmsmarketing acceptssms smsmarketingconsent smsmarketing smsmarketingstatus"
    " smsmarketingoptin smssubscriptionstatus smssubscribed smspermission smsstatus smsoptinstatus smsnewsletter"
    " textconsent textmessageconsent textoptin phoneconsent mobileconsent optedintosms einwilligungsms"
    " smseinwilligung smswerbung consentementsms optinsms acceptesms consentimientosms aceptasms consensosms"
    " accettasms toestemmingsms smstoestemming consentimentosms aceitasms"
)
SMS_BESIDE: Mapping[str, Headers] = {
    "refused": _names(
        "smsunsubscribed smsoptout optedoutofsms unsubscribedfromsms donottext smssuppressed smsblacklisted donotcall"
    ),
    "stated": _names("smsconsenttimestamp smsmarketingconsenttimestamp smsmarketingconsentupdatedat smsconsentdate"),
    "agreed_at": _names("smsoptintime smsoptindate smsoptinat smssubscribedat smssubscribedon"),
    "left_at": _names("smsunsubtime smsunsubscribedat smsoptouttime smsoptoutdate smsoptoutat"),
    "bounced_at": (),
}
