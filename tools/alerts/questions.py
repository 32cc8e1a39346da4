"""How people ask for alerts."""

from __future__ import annotations

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots


def alerts(slots: Slots, _scene: Scene) -> list[Call]:
    """What nobody has seen yet, or all of them."""
    return [Call("list_alerts", {"unseen_only": False} if slots.has(r"\b(?:all|old|earlier|past)\b") else {})]


def seen(_slots: Slots, _scene: Scene) -> list[Call]:
    """All alerts are seen."""
    return [Call("mark_alerts_seen", {})]


SEEN = Request(
    "seen",
    """
        mark the alerts as seen | I have seen the alerts | dismiss the alerts | clear all alerts | ack all |
        mark all alerts as read | mark everything as seen | mark these warnings as seen | mark those as read please |
        acknowledge the alerts | acknowledge all warnings | dismiss all the warnings | dismiss everything |
        dismiss these | clear the alerts list | clear the warnings please | clear my notifications | mark alrts seen |
        I've read the alerts | I've seen them all | I have read all the warnings | I have seen these warnings, thanks |
        yes I know about the alerts, take them off | ok got it, dismiss the alerts | noted, clear the alerts |
        you can tick off the alerts | tick the alerts off | check off all alerts | get rid of the alert badge |
        remove the red dot, I have seen the alerts | the alerts are dealt with | alerts are done, put them aside |
        set all alerts to seen | set alerts to read | could you please mark the new alerts as read | warnings noted |
        we've dealt with the warnings, mark them seen | don't show these warnings any more, I saw them | alerts seen |
        hide the alerts I have seen | mark as red all the alert | confirm that I have seen the alerts |
        close all alerts | mark the alerts as read | clear all the alerts | I know about the alerts already |
        alerts have been seen | set the warnings to seen
    """,
    seen,
    near_misses="""
        mark the invoice as paid | mark the e-mails in my inbox as read | dismiss the employee | clear the cache |
        clear the shopping cart | dismiss the proposal | mark order 1042 as shipped | delete all alerts for ever |
        turn off the alerts | send alerts to Slack | acknowledge receipt of the contract | clear the chat |
        close the window
    """,
)
ALERTS = Request(
    "alerts",
    """
        are there any alerts | show the alerts | what should I know today | any warnings | is anything wrong |
        what needs my attention | show me the alerts | new alerts | unread alerts | all alerts | show old alerts too |
        which alerts did we get last week | list earlier alerts that were seen | what alerts are open | any red flags |
        anything I should know about | anything I should worry about | should I be worried about anything | any alarms |
        what needs looking at | what do I have to look at first today | is there something that needs my attention |
        anything urgent | anything critical going on | any problems | any issues today | is everything ok |
        is something broken | did anything go wrong overnight | has anything odd happened | any notifications for me |
        notifications please | do I have notifications | what's the alarm about | warnings please | critical alerts |
        show warnings of high severity | why did I get an alert | what is this alert about | anything new on the radar |
        have you noticed anything unusual | did anything suspicious turn up in the data | what did the monitoring find |
        could you tell me if something requires attention | good morning, is there anything pressing | pls show alert |
        are there any warning since yesterday | open alerts | see the warnings | show me what is wrong |
        anything alarming | list the alerts | list all warnings | show me all warnings | display the alerts |
        let me see the alerts | what are the alerts | which alerts are new | which warnings are there
    """,
    alerts,
    near_misses="""
        set up an alert when revenue falls below 1000 | alert me on my phone when an order comes in | weather alert |
        turn off notifications | fire alarm in the warehouse | send me a text when something happens | breaking news |
        security alert of the bank | what needs to be ordered from suppliers | is the server down |
        is anything wrong with my invoice | attention span of readers | warning letter to a customer who has not paid |
        price alert for flights
    """,
)
