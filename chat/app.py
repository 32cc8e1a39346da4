"""The screen's callbacks, registered when chainlit loads this file; each hands over to the module that does it."""

from __future__ import annotations

import logging
from pathlib import Path

import chainlit as cl
from chainlit.session import WebsocketSession
from chainlit.socket import resume_thread
from chainlit.types import ThreadDict

from chat import (
    browsing,
    budget,
    campaigns,
    cards,
    channels,
    dashboard,
    downloads,
    forecast,
    journeys,
    offers,
    organisation,
    overview,
    privacy,
    segments,
    sending_rules,
    week,
)
from chat.files import import_dropped
from chat.history import History
from chat.pages import asked_of, commands, show_page
from chat.parts import installed
from chat.people import present
from chat.session_files import own_session_files
from chat.turn import run_turn
from chat.welcome import describe, greet, leave_greeting
from core.errors import AimaError

logger = logging.getLogger(__name__)
DEFECT = "That failed because of a defect in AIMA. Other questions still work; the log of the web process says more."


@cl.data_layer
def _data_layer() -> History:
    return History(installed().runtime.database)


@cl.password_auth_callback
async def _sign_in(_email: str, _password: str) -> cl.User | None:
    return None  # chainlit shows its form where this is; logging in is chat/entrance.py


@cl.on_chat_start
async def _begin() -> None:
    if await _taken_up():
        return
    try:
        identity = await present()
        await own_session_files(identity.org_id)
        data = await describe(identity)
    except AimaError as error:
        await cl.ErrorMessage(content=error.message).send()
        return
    cl.user_session.set("is_demo", data["is_demo"])
    await greet(identity, data)
    # Last, as the sign that the page is ready: the first message moves the composer, and what is typed before is lost.
    await cl.context.emitter.set_commands(commands())


async def _taken_up() -> bool:
    """Bring a conversation back whose page lost its connection while it was being opened; whether there was one."""
    session, emitter = cl.context.session, cl.context.emitter
    if not isinstance(session, WebsocketSession) or (thread := await resume_thread(session)) is None:
        return False
    session.has_first_interaction = True
    await emitter.emit("first_interaction", {"interaction": "resume", "thread_id": thread["id"]})
    await _resume(thread)
    await emitter.resume_thread(thread)
    return True


@cl.on_chat_resume
async def _resume(thread: ThreadDict) -> None:
    await cl.context.emitter.set_commands(commands())
    identity = await present()
    await own_session_files(identity.org_id)
    cl.user_session.set("is_demo", (await describe(identity))["is_demo"])
    await cards.refresh_cards(thread)
    await overview.refresh_alerts(thread, identity)


@cl.on_message
async def _message(message: cl.Message) -> None:
    is_demo = bool(cl.user_session.get("is_demo"))
    await leave_greeting()
    try:
        identity = await present()
        files = [element for element in message.elements if element.path]
        for file in files:
            await import_dropped(Path(str(file.path)), file.name, identity, is_demo=is_demo)
        if asked := asked_of(message):
            await show_page(asked, message, identity, is_demo=is_demo)
        elif message.content.strip() and not files:
            await run_turn(message.content, identity, is_demo=is_demo)
    except AimaError as error:
        await cl.ErrorMessage(content=error.message).send()
    except Exception:  # the screen's boundary: a defect is logged whole and told without its insides
        logger.exception("a message could not be answered")
        await cl.ErrorMessage(content=DEFECT).send()


cl.action_callback("approve_proposal")(cards.approve)
cl.action_callback("reject_proposal")(cards.reject)
cl.action_callback("revise_proposal")(cards.revise)
cl.action_callback("take_step")(campaigns.take_step)
cl.action_callback("create_offer")(offers.create_offer)
cl.action_callback("add_codes")(offers.add_codes)
cl.action_callback("withdraw_offer")(offers.withdraw_offer)
cl.action_callback("plan_week")(week.plan_week)
cl.action_callback("read_week")(week.read_week)
cl.action_callback("propose_week")(week.propose_week)
cl.action_callback("approve_week")(week.approve_week)
cl.action_callback("export_week")(week.export_week)
cl.action_callback("approve_budget_plan")(budget.approve)
cl.action_callback("reject_budget_plan")(budget.reject)
cl.action_callback("make_file")(downloads.make_file)
cl.action_callback("keep_target")(forecast.keep_target)
cl.action_callback("mark_alerts_seen")(overview.mark_seen)
cl.action_callback("read_dashboard")(dashboard.read_dashboard)
cl.action_callback("list_customers")(browsing.list_customers)
cl.action_callback("settle_delivery")(cards.settle)
cl.action_callback("resend_failed")(cards.resend)
cl.action_callback("send_test")(cards.send_test)
cl.action_callback("count_rule")(segments.count)
cl.action_callback("read_words")(segments.read)
cl.action_callback("edit_rule")(segments.edit)
cl.action_callback("save_rule")(segments.save)
cl.action_callback("propose_to_rule")(segments.launch)
cl.action_callback("write_journey")(journeys.write)
cl.action_callback("save_journey")(journeys.save)
cl.action_callback("propose_journey")(journeys.propose)
cl.action_callback("try_journey")(journeys.try_out)
cl.action_callback("change_journey")(journeys.change)
cl.action_callback("read_settings")(organisation.read_settings)
cl.action_callback("save_organisation")(organisation.save_organisation)
cl.action_callback("save_channel")(channels.save_channel)
cl.action_callback("save_rules")(sending_rules.save_rules)
cl.action_callback("reset_channel")(channels.reset_channel)
cl.action_callback("check_channel")(channels.check_channel)
cl.action_callback("check_domain")(channels.check_domain)
cl.action_callback("test_channel")(channels.test_channel)
cl.action_callback("add_person")(organisation.add_person)
cl.action_callback("set_password")(organisation.set_password)
cl.action_callback("set_role")(organisation.set_role)
cl.action_callback("disable_person")(organisation.disable_person)
cl.action_callback("enable_person")(organisation.enable_person)
cl.action_callback("end_logins")(organisation.end_logins)
cl.action_callback("remove_person")(organisation.remove_person)
cl.action_callback("export_customer")(privacy.export_customer)
cl.action_callback("preview_erasure")(privacy.preview_erasure)
cl.action_callback("erase_person")(privacy.erase_person)
