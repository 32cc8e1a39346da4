"""What a person goes by besides the number of the shop: aliases, and the numbers that other systems have.

They are kept under also_<kind> and tell who is who (database/loading/identities.py). Header names are written without
case, accents and separators.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["OTHER_NUMBERS"]


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


OTHER_NUMBERS: Mapping[str, tuple[str, ...]] = {
    "alias": _names(
        "alias alsoknownas aka formerid formercustomerid oldid oldcustomerid previousid previouscustomerid legacyid"
        " legacycustomerid mergedinto mergedintoid mergedid duplicateof duplicateid"
        " primaryid primarycustomerid masterid"
        " mastercustomerid ancienid idanterior vecchioid oudklantnummer"
    ),
    "vendor_shopify": _names("shopifycustomerid shopifyid"),
    "vendor_woocommerce": _names("woocommercecustomerid woocommerceid woocustomerid wooid wpuserid wordpressuserid"),
    "vendor_magento": _names("magentocustomerid magentoid"),
    "vendor_bigcommerce": _names("bigcommercecustomerid bigcommerceid"),
    "vendor_klaviyo": _names("klaviyoid klaviyoprofileid"),
    "vendor_mailchimp": _names("mailchimpid euid uniqueemailid mailchimpuniqueid"),
    "vendor_hubspot": _names("hubspotid hubspotcontactid hubspotrecordid hubspotvid recordid"),
    "vendor_salesforce": _names("salesforceid salesforcecontactid sfdcid contactid18"),
    "vendor_stripe": _names("stripecustomerid stripeid"),
    "vendor_brevo": _names("brevoid sendinblueid"),
    "vendor_braze": _names("brazeid"),
    "vendor_activecampaign": _names("activecampaignid"),
    "vendor_loyalty": _names("loyaltyid loyaltynumber loyaltycardnumber loyaltycard cardnumber membershipnumber"
                             " kundenkarte cartefidelite cartafedelta tarjetafidelidad klantenkaart"),
}  # fmt: skip
