"""How people ask about connected sources, and for a sync."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["CONNECT", "CONNECTIONS", "SYNC"]

BY_HAND = (
    "Connecting or disconnecting a source takes a credential, which does not belong in a chat. Somebody with access to "
    "the machine does it at the shell: `aima connect SOURCE` asks for what it needs, `aima connections` lists what "
    "there is."
)


def connections(_slots: Slots, _scene: Scene) -> Answerable:
    """What is connected and how it is."""
    return [Call("list_connections", {})]


def connect(_slots: Slots, _scene: Scene) -> Answerable:
    """Only a person at the shell can."""
    return BY_HAND


def sync(slots: Slots, _scene: Scene) -> Answerable:
    """The connection named in quotes, or all of them."""
    return [Call("sync_connection", {"connection": slots.quoted[0]} if slots.quoted else {})]


CONNECTIONS = Request(
    "connections",
    """
        which sources are connected | what is connected | show the connections | when was the last sync | sync errors |
        did the sync work | why is the shop not synced any more | is my shop connected | list connections | data feeds |
        show me all connected sources | which systems are linked | what systems do you get data from |
        where does the data come from | which integrations are active | what integrations do we have |
        integration status | status of the connections | are all connections ok | is the shop link working |
        is the connection to the shop still alive | are we still connected to the ads account | is everything synced |
        when did you last sync | last time the shop was synchronised | when did the shop data last come in |
        how old is the last sync | did last night's sync go through | why did the sync fail | any sync problems |
        has the sync stopped | which connection is broken | which source has an error | is a credential expired |
        why are no new orders coming in from the shop | why is today's data from the shop missing | what can I connect |
        was the access to the shop revoked | how many rows did the sync bring in | which sources could be connected |
        which shop systems do you support | do you support Shopify | can you read from our shop system | sync status |
        can AIMA get data from our newsletter tool | which connectors are available | are the feeds running |
        could you please check that the data feeds are running | conections status | is shop conected or not |
        which accounts have been hooked up | state of the connections | what is linked to AIMA |
        what data sources are connected | did the shop sync today | which connections have an error |
        is the shop still synced | which sources are available to connect
    """,
    connections,
    near_misses="""
        internet connection is slow | connect me with a human | is my phone connected to the wifi |
        missed connection at the airport | bluetooth connection | our connections on LinkedIn |
        the database connection string | show the API key of the shop | what's the password of the connection |
        train connections to Berlin | is the printer connected | who is connected to the chat right now |
        connection between price and demand | customers connected to each other
    """,
)
CONNECT = Request(
    "connect",
    """
        connect my shop | connect a new source | add a connection to our ads account | disconnect the shop |
        connect our webshop | connect a shop | connect another data source | hook up our store | link our shop to AIMA |
        hook up the ads account | link my store please | integrate our shop system | set up a connector |
        set up the integration with our shop | set up a new connection | add our newsletter tool as a source |
        add a data source | plug in our e-commerce platform | I want to connect Shopify | connect to Shopify |
        can you connect to our WooCommerce store | how do I connect my shop | how can I link Klaviyo | conect my shop |
        how do I hook up Google Analytics | how do we get our Meta ads data in here automatically | reconnect the shop |
        I'd like to bring in HubSpot contacts automatically | import orders from Shopify automatically from now on |
        please integrate with our CRM | here is my api key for the shop, connect it | unlink the store |
        enter the credentials for the shop | change the access token of the connection | disconnect everything |
        renew the credentials of the shop connection | remove the connection to the ads account | disconnect Shopify |
        unlink our ads account | cut the link to the shop | drop the connection to the mail tool | add a new source |
        stop the connection with our old shop | we have a second store, can it be connected too | connect Klaviyo |
        could you help me to connect our online shop | where do I put the API token of my store |
        what do I need to link my store | set up a connection to our shop | how do I add a data source |
        how can we connect our store | connect Google Analytics | connect our ad accounts |
        change the API token of the shop connection
    """,
    connect,
    near_misses="""
        connect me to support | connect the dots | connect the printer | connect with me on LinkedIn | add a user |
        connect to the office wifi | link to the privacy policy | add a link to the e-mail | disconnect the call |
        plug in the charger | integrate this function | set up a new employee | connect Slack for notifications |
        join two tables
    """,
)
SYNC = Request(
    "sync",
    """
        sync now | sync the shop | synchronise the data | fetch the newest orders from the shop | sync | sync please |
        sync everything now | start a sync | run the sync | run a sync now | kick off a sync | trigger a sync |
        trigger synchronisation of the shop | sync the 'Main store' connection | synchronize with the shop | snyc now |
        resync the shop | re-sync our data | do another sync | sync again | refresh the data from the shop |
        pull the latest data | pull in new orders | pull the newest orders from the store | fetch new data |
        get the latest orders from our shop | get fresh data from the sources | fetch everything that is new |
        fetch today's orders | bring in what is new | bring the data up to date | load the new orders from the shop |
        bring the orders from the webshop up to date | update the data from the connected sources | update from source |
        load newest customers from the shop system | import the latest orders from the connected shop | sync the store |
        could you please sync the shop before we start | I just made a test order, fetch it | syncronise the data |
        there were orders since noon, get them in | don't wait half an hour, sync now | reload from the store |
        make sure you have today's data, fetch it from the shop | data is old, please take the new one from the shop |
        poll the sources for new data | sync now please | sync all sources | sync the connection 'Main store' |
        get new orders from the shop | fetch the latest customers from the store | synchronise the shop again |
        get the newest data from the shop | update the data from the shop
    """,
    sync,
    near_misses="""
        sync my calendar | sync my phone | sync contacts with Outlook | sync the stock levels back to the shop |
        push our segments to Facebook | upload the audience to Google Ads | push the prices to the shop | stop syncing |
        sync every five minutes from now on | fetch the mail from the post office | fetch me a coffee | lip sync |
        upgrade to the newest version
    """,
)
