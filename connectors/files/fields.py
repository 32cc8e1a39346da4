"""What a file can hold: the kinds of table, their fields, and the names those fields go by.

Synonyms are written without case and separators (`orderdate` is `OrderDate`, `order_date`, `Order date`), the surest
first. `pattern` is tried when no synonym fits. Addresses and consents are those of the channels (connectors/channels).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from connectors.channels.discovery import channels
from connectors.channels.headers import ADDRESSES
from connectors.files.consents import parts_said
from connectors.files.kind import NUMERIC, TIMES, Field, FieldType, Kind, names
from connectors.files.other_numbers import OTHER_NUMBERS
from connectors.files.touch_kinds import PATHS, TOUCHES

__all__ = ["KINDS", "NEEDED", "NUMERIC", "OF_PEOPLE", "TIMES", "Field", "FieldType", "Kind"]

CUSTOMER = Field(
    "customer",
    "id",
    names(
        "customerid custid customernumber customerno customer clientid userid memberid householdid shopperid buyerid"
        " contactid profileid accountid personid visitorid anonymousid user client id"
    ),
    r"^(customer|cust|client|user|member|household|shopper|buyer|contact|profile|person)(key|code|nr|ref|ident.*)$",
)
NAME = Field("name", "text", names("customername fullname name clientname contactname"))
COUNTRY = Field("country", "text", names("country shippingcountry billingcountry customercountry countrycode"))
FIRST_NAME = Field("first_name", "text", names("firstname givenname forename billingfirstname customerfirstname"))
LAST_NAME = Field("last_name", "text", names("lastname surname familyname billinglastname customerlastname"))
CITY = Field("city", "text", names("city town shippingcity billingcity customercity"))
CHANNEL = Field("channel", "text", names("channel saleschannel source medium platform network utmsource"))
STATUS = Field("status", "status", names("status orderstatus transactiontype ordertype recordtype type state"))
PAYMENT_STATUS = Field("payment_status", "status", names("paymentstatus financialstatus paidstatus paymentstate"))
FULFILMENT_STATUS = Field(
    "fulfilment_status",
    "status",
    names("fulfilmentstatus fulfillmentstatus shippingstatus deliverystatus shipmentstatus"),
)
CANCELLED_AT = Field(
    "cancelled_at", "mark", names("cancelledat canceledat cancelleddate canceleddate cancellationdate cancelledon")
)
TEST = Field("test", "mark", names("test istest testorder testmode"))
CURRENCY = Field("currency", "text", names("currency currencycode ordercurrency presentmentcurrency currencyiso"))
TAX = Field("tax", "money", names("tax taxes totaltax taxtotal taxamount ordertax vat vatamount salestax"))
SHIPPING = Field(
    "shipping",
    "money",
    names(
        "shipping shippingcost shippingamount shippingtotal totalshipping shippingprice shippingcharge postage freight"
    ),
)
REFUNDED = Field(
    "refunded",
    "money",
    names("refunded refundedamount amountrefunded totalrefunded refundamount refundtotal totalrefund"),
)
REFUNDED_AT = Field("refunded_at", "time", names("refundedat refunddate refundeddate refundtime daterefunded"))
REFUND_OF = Field(
    "refund_of", "id", names("refundof parentid parentorderid parentorder originalorderid originalorder relatedorder")
)
SUBTOTAL = Field("subtotal", "money", names("subtotal subtotalprice ordersubtotal itemstotal itemsubtotal goodstotal"))
DISCOUNT = Field("discount", "money", names("discount discountamount totaldiscount discounts couponamount"))
VOUCHER_CODE = Field("voucher_code", "text", names("vouchercode discountcode discountcodes couponcode promocode"))
ORDER_ID = Field(
    "order_id",
    "id",
    names(
        "orderid invoiceno invoiceid invoice invoicenumber ordernumber orderno order transactionid basketid receiptid"
        " purchaseid saleid transaction receipt id"
    ),
    r"^(order|invoice|transaction|basket|receipt|purchase|sale)(key|code|nr|ref|reference)$",
    tells=True,
)
ORDERED_AT = Field(
    "ordered_at",
    "time",
    names(
        "orderedat orderts orderdate orderdatetime ordertime ordertimestamp invoicedate purchasedate purchasedat"
        " purchasetimestamp transactiondate transactiontimestamp transactiontime saledate paidat processedat"
        " createdat created date datetime timestamp day time"
    ),
    r"(date|datetime|timestamp|time|at|ts)$",
)
QUANTITY = Field(
    "quantity",
    "money",
    names("quantity qty units unitssold itemcount items numitems pieces amountofitems orderquantity"),
    r"^(number|num|no|nr|count)of",
)
REVENUE = Field(
    "revenue",
    "money",
    names(
        "revenue total ordertotal totalprice totalamount ordervalue orderamount grandtotal netrevenue netsales sales"
        " salesvalue linetotal linerevenue amount amountpaid price value spend dollars"
    ),
    r"(revenue|total|amount|sales|dollarvalue|salesvalue|ordervalue|paid)$",
)
CAMPAIGN_ID = Field("campaign_id", "id", names("campaignid campaign campaignkey adcampaignid utmcampaign"))
IMPRESSIONS = Field("impressions", "count", names("impressions impr views"))
CLICKS = Field("clicks", "count", names("clicks linkclicks"))
CONVERSIONS = Field("conversions", "money", names("conversions purchases results"))
DAY = Field("day", "day", names("day date reportdate dateday datestart week dateweek"), r"(date|day)$")
SPEND = Field("spend", "money", names("spend cost adspend amountspent mediaspend totalcost"), r"(spend|cost)$", True)
SKU = Field(
    "sku",
    "id",
    names("sku stockcode productid productcode itemid itemcode variantid productsku lineitemsku upc ean article"),
    r"^(product|item|article|variant|stock)(key|no|nr|number|ref)$",
    tells=True,
)
CATEGORY = Field("category", "text", names("category productcategory department producttype itemcategory"))

_STATUSES = (STATUS, PAYMENT_STATUS, FULFILMENT_STATUS, CANCELLED_AT, TEST)
_COMPONENTS = (CURRENCY, SUBTOTAL, DISCOUNT, TAX, SHIPPING, REFUNDED, REFUNDED_AT)
_ORDER_EXTRAS = (*_STATUSES, *_COMPONENTS, VOUCHER_CODE, CHANNEL, COUNTRY, CITY, NAME, FIRST_NAME, LAST_NAME)

_KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "order_lines",
            (
                ORDER_ID,
                CUSTOMER,
                ORDERED_AT,
                SKU,
                Field(
                    "description",
                    "text",
                    names("description productname product itemname item title productdescription lineitemname"),
                ),
                CATEGORY,
                Field("quantity", "money", (*QUANTITY.synonyms, "lineitemquantity"), QUANTITY.pattern, tells=True),
                Field("unit_price", "money", names("unitprice priceperunit itemprice lineitemprice price"), None, True),
                Field(
                    "line_discount", "money", names("lineitemdiscount linediscount itemdiscount itempromotiondiscount")
                ),
                Field("revenue", "money", tuple(s for s in REVENUE.synonyms if s != "price"), REVENUE.pattern),
                *_ORDER_EXTRAS,
            ),
            (("order_id",), ("ordered_at",), ("sku", "description"), ("unit_price", "revenue")),
        ),
        Kind(
            "orders",
            (ORDER_ID, CUSTOMER, ORDERED_AT, REVENUE, QUANTITY, *_ORDER_EXTRAS, REFUND_OF),
            (("ordered_at",), ("revenue",), ("order_id", "customer")),
        ),
        Kind(
            "refunds",
            (
                Field(
                    "refund_id",
                    "id",
                    names("refundid refundno refundnumber creditnoteid creditnotenumber"),
                    None,
                    True,
                ),
                ORDER_ID,
                CUSTOMER,
                Field("refunded_at", "time", (*REFUNDED_AT.synonyms, *ORDERED_AT.synonyms), ORDERED_AT.pattern),
                Field("amount", "money", (*REFUNDED.synonyms, *REVENUE.synonyms), REVENUE.pattern, tells=True),
                CURRENCY,
            ),
            (("refund_id",), ("order_id",), ("refunded_at",), ("amount",)),
        ),
        Kind(
            "rates",
            (
                Field("day", "day", (*DAY.synonyms, "asof", "validfrom", "ratedate")),
                Field("currency", "text", names("fromcurrency from currency currencycode quote target")),
                Field("into", "text", names("tocurrency to into homecurrency")),
                Field("base", "text", names("base basecurrency")),
                Field(
                    "rate", "rate", names("rate exchangerate fxrate conversionrate obsvalue midrate kurs"), tells=True
                ),
            ),
            (("day",), ("currency",), ("rate",)),
        ),
        Kind(
            "customers",
            (
                Field("customer", "id", (*CUSTOMER.synonyms, "externalid", "id"), CUSTOMER.pattern),
                Field("name", "text", NAME.synonyms, None, tells=True),
                FIRST_NAME,
                LAST_NAME,
                COUNTRY,
                CITY,
                Field("time_zone", "text", names("timezone tz")),
                Field(
                    "created_at",
                    "time",
                    names("createdat created signupdate signedupat registeredat registrationdate joinedat joindate"),
                ),
            ),
            (("customer",), ("name", "first_name", "country", "city", "created_at")),
        ),
        Kind(
            "events",
            (
                Field("event_id", "id", names("eventid messageid uuid eventuuid id")),
                Field("customer", "id", (*CUSTOMER.synonyms, *ADDRESSES), CUSTOMER.pattern),
                Field(
                    "occurred_at",
                    "time",
                    names(
                        "occurredat eventtime eventtimestamp eventdate timestamp ts time datetime date createdat sentat"
                    ),
                    r"(date|datetime|timestamp|time|at|ts)$",
                ),
                Field(
                    "kind", "text", names("event eventtype eventname eventkind action activity kind type"), None, True
                ),
                CHANNEL,
                CAMPAIGN_ID,
                Field("properties", "json", names("properties props attributes payload metadata data")),
            ),
            (("occurred_at",), ("kind",)),
        ),
        TOUCHES,
        Kind(
            "campaigns",
            (
                CAMPAIGN_ID,
                Field("name", "text", names("campaignname name title")),
                CHANNEL,
                Field("kind", "text", names("kind campaigntype type objective")),
                Field("status", "text", names("status state")),
                Field("audience", "text", names("audience segment target")),
                Field("budget", "money", names("budget totalbudget dailybudget"), None, True),
                Field("started_at", "time", names("startedat startdate start launchedat sentat sendtime"), None, True),
                Field("ended_at", "time", names("endedat enddate end stoppedat"), None, True),
            ),
            (("campaign_id", "name"), ("started_at", "budget")),
            r"campaign|kampagne|campagne|campana|campanha|budget|subject|betreff|newsletter|launch|flight",
        ),
        Kind(
            "campaign_daily",
            (
                Field("campaign_id", "id", CAMPAIGN_ID.synonyms, None, tells=True),
                DAY,
                IMPRESSIONS,
                CLICKS,
                CONVERSIONS,
                Field("cost", "money", names("cost spend amountspent adspend")),
                CURRENCY,
                Field("revenue", "money", names("revenue value conversionvalue sales")),
            ),
            (("campaign_id",), ("day",), ("impressions", "clicks", "conversions", "cost")),
        ),
        Kind(
            "spend",
            (
                DAY,
                CHANNEL,
                SPEND,
                CURRENCY,
                IMPRESSIONS,
                CLICKS,
                CONVERSIONS,
                Field("revenue", "money", names("revenue value conversionvalue sales")),
            ),
            (("day",), ("channel",), ("spend",)),
        ),
        Kind(
            "mentions",
            (
                Field("mention_id", "id", names("mentionid reviewid postid tweetid commentid id")),
                Field("source", "text", names("source platform site network channel")),
                Field(
                    "posted_at",
                    "time",
                    names("postedat tweetcreated reviewdate publishedat date createdat timestamp created time"),
                    r"(date|created|posted|published|at)$",
                ),
                Field("author_handle", "text", names("authorhandle author username user handle reviewer name")),
                Field("text", "text", names("text review reviewtext body comment content message tweet"), None, True),
                Field("rating", "money", names("rating stars score")),
                Field("url", "text", names("url link permalink")),
            ),
            (("posted_at",), ("text",)),
        ),
        Kind(
            "products",
            (
                Field("sku", "id", (*SKU.synonyms, "id"), SKU.pattern, tells=True),
                Field("name", "text", names("name productname title description product"), None, True),
                CATEGORY,
                Field("price", "money", names("price unitprice listprice retailprice")),
            ),
            (("sku",), ("name", "category", "price")),
        ),
        PATHS,
    )
}

OF_PEOPLE = ("customers", "orders", "order_lines")


@lru_cache(maxsize=8)
def _reached(name: str, by: tuple[str, ...]) -> Kind:
    """A kind that tells of people, with their addresses on these channels, and in customers with their consents."""
    kind, told, ways = _KINDS[name], name == "customers", [channels()[channel] for channel in by]
    addresses = {channel.address.name: channel.address for channel in ways}
    fields = [Field(a.name, "text", _synonyms(a.name, a.headers), tells=told) for a in addresses.values()]
    if told:
        fields += [Field(n, t, _synonyms(n, said), None, True) for way in ways for n, t, said in parts_said(way)]
    fields += [Field(f"also_{name}", "id", names) for name, names in OTHER_NUMBERS.items()]
    more = {
        "customer": [a.name for a in addresses.values() if a.identifies],
        "name": [field.name for field in fields],
    }
    requires = tuple((*group, *(n for name in group for n in more.get(name, ()))) for group in kind.requires)
    return Kind(kind.name, (*kind.fields, *fields), requires, kind.speaks)


def _synonyms(name: str, more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((name.replace("_", ""), *more)))


class _Kinds(Mapping[str, Kind]):
    """The kinds by name, those that tell of people with the fields of the channels there are when asked."""

    def __getitem__(self, name: str) -> Kind:
        return _reached(name, tuple(channels())) if name in OF_PEOPLE else _KINDS[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_KINDS)

    def __len__(self) -> int:
        return len(_KINDS)


KINDS: Mapping[str, Kind] = _Kinds()

# A field that must have a value on every accepted line, where its column is mapped.
NEEDED: dict[str, frozenset[str]] = {
    "order_lines": frozenset({"order_id", "ordered_at", "sku", "unit_price", "revenue", "quantity"}),
    "orders": frozenset({"order_id", "ordered_at", "revenue"}),
    "refunds": frozenset({"refund_id", "order_id", "refunded_at", "amount"}),
    "rates": frozenset({"day", "currency", "rate"}),
    "customers": frozenset(),
    "events": frozenset({"event_id", "occurred_at", "kind"}),
    "campaigns": frozenset({"campaign_id"}),
    "campaign_daily": frozenset({"campaign_id", "day"}),
    "spend": frozenset({"day", "channel", "spend"}),
    "mentions": frozenset({"mention_id", "posted_at", "text"}),
    "products": frozenset({"sku"}),
    "touches": frozenset({"touch_id", "customer", "occurred_at", "channel"}),
    "paths": frozenset({"path", "conversions"}),
}
