"""A journey put before a person: checked against the data, its words and rules frozen, everything hashed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Connection

from connectors.channels.discovery import channel_named, provider_title
from connectors.channels.wordings import Wording
from core.errors import FixArguments, NoSuchData
from core.identity import PROPOSE
from database.queries import audience as audiences
from database.queries import journeys, proposals, sending_rules
from database.queries.journey_news import did_lately
from tools.audience.facts import Facts, rule_of_segment
from tools.audience.rule import Rule
from tools.campaigns.approved import approved_wordings, require_approved
from tools.campaigns.content import as_read, check
from tools.campaigns.draft import reach_of, request_key, view
from tools.campaigns.merging import fields_needed
from tools.campaigns.payload import Audience, Content, ProposalView, audience_hash, content_hash
from tools.channels.account import Seal, account_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.journeys.checks import require_sound
from tools.journeys.definition import Journey, Send
from tools.journeys.description import entry_words, event_words, title_of, words_of
from tools.journeys.picture import picture_of
from tools.journeys.webhook import require_webhook
from tools.results import Arguments, Evidence, ToolResult
from tools.views import proposal_card

__all__ = ["ProposeJourneyArguments", "frozen_rules", "propose_journey"]

KIND = "journey"
LATELY = timedelta(days=30)


class ProposeJourneyArguments(Arguments):
    """Which draft, or the whole definition."""

    journey: str | None = Field(default=None, max_length=200, description="Name or id of a journey there is.")
    definition: Journey | None = Field(default=None, description="The journey; or give only `journey`, a kept draft.")


class JourneyProposal(ToolResult):
    """The proposal, waiting for a person."""

    proposal: ProposalView = Field(description="Exactly what a person is asked to approve.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.proposal.id)


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    about="Put a journey before a person",
    agents=("content",),
    basis="record",
    examples=(
        {
            "definition": {
                "name": "After a visit",
                "entry": {"event": "visit"},
                "nodes": [
                    {"id": "pause", "type": "wait", "amount": 1, "unit": "days", "next": "mail"},
                    {"id": "mail", "type": "send", "subject": "Hello again", "body_text": "See you.", "next": "end"},
                    {"id": "end", "type": "end"},
                ],
            }
        },
    ),
    views=(proposal_card(),),
    next=("Which proposals are waiting?", "What journeys are running?"),
)
def propose_journey(context: Context, arguments: ProposeJourneyArguments) -> JourneyProposal:
    """Put a journey, a kept draft or a definition, before a person; nobody enters it until they approve."""
    journey, wordings = _meant(context, arguments), dict[str, Sequence[Wording] | None]()
    require_sound(journey)
    for channel in {send.channel for send in journey.sends}:
        wordings[channel] = approved_wordings(context, channel)
    with context.transaction() as connection:
        key = request_key(context)
        if key is not None and (earlier := proposals.by_request(connection, key)):
            return _result(earlier, context)
        require_webhook(connection, Seal(context.settings, context.identity.org_id), journey, "journey")
        known = journeys.named(connection, arguments.journey) if arguments.journey else None
        journey_id = journeys.keep_draft(
            connection, journey.name, journey.plain(), context.identity.actor, known.id if known else None
        )
        proposal_id = _propose(connection, context, journey, journeys.get(connection, journey_id), wordings)
        return _result(proposals.get(connection, proposal_id), context)


def _meant(context: Context, arguments: ProposeJourneyArguments) -> Journey:
    if arguments.definition is not None:
        return arguments.definition
    if arguments.journey is None:
        raise FixArguments("Say which journey: give `journey` by name, or its `definition`.", field="journey")
    with context.transaction() as connection:
        return Journey.model_validate(journeys.named(connection, arguments.journey).definition)


def _propose(
    connection: Connection,
    context: Context,
    journey: Journey,
    row: journeys.JourneyRow,
    wordings: Mapping[str, Sequence[Wording] | None],
) -> UUID:
    """Keep it as a pending proposal, in place of those of this journey that wait."""
    proposal_id = uuid4()
    waiting = proposals.waiting_for(connection, KIND, "journey_id", str(row.id))
    payload = _Payload(connection, context, journey, row, wordings).payload(proposal_id)
    proposals.insert(
        connection,
        proposal_id=proposal_id,
        kind=KIND,
        title=journey.name,
        payload=payload,
        content_hash=content_hash(payload),
        created_by=context.identity.actor,
        thread_id=context.thread_id,
        request_key=request_key(context),
        replaces=waiting[0] if waiting else None,
    )
    for earlier in waiting:
        proposals.lock(connection, earlier)
        proposals.set_status(connection, earlier, "superseded")
    return proposal_id


def frozen_rules(connection: Connection, journey: Journey) -> dict[str, Rule]:
    """The rules that the segments of a journey have now, by name; NotFound names one that does not exist."""
    names = [journey.entry.segment, *(condition.segment for _place, condition in journey.conditions())]
    return {name: rule_of_segment(connection, name) for name in dict.fromkeys(names) if name is not None}


@dataclass(slots=True)
class _Payload:
    """What is stored, shown and hashed."""

    connection: Connection
    context: Context
    journey: Journey
    row: journeys.JourneyRow
    wordings: Mapping[str, Sequence[Wording] | None]

    def payload(self, proposal_id: UUID) -> dict[str, Any]:
        rules = frozen_rules(self.connection, self.journey)
        self._require_answerable(rules)
        sends, warnings = self._sends()
        audience = self._audience(rules)
        version = (self.row.version or 0) + 1
        first = next(iter(sends.values()), None)
        return {
            "kind": KIND,
            "journey_id": str(self.row.id),
            "version": version,
            "title": self.journey.name,
            "campaign_kind": KIND,
            "definition": self._as_read(sends).plain(),
            "rules": {name: rule.plain() for name, rule in rules.items()},
            "sends": sends,
            "channel": first["channel"] if first else "email",
            "provider": first["provider"] if first else "",
            "sender": first["sender"] if first else "",
            "audience": audience.model_dump(mode="json"),
            "content": first["content"] if first else Content(body_text="").model_dump(mode="json"),
            "send_at": None,
            "holdout": {"share": self.journey.holdout_percent / 100, "customers": 0, "seed": str(proposal_id)},
            "sample": None,
            "warnings": [*warnings, *self._unseen(sends), *self._change(version)],
            "customers": [],
            "journey": {
                "id": str(self.row.id),
                "version": version,
                "words": words_of(self.journey),
                "picture": picture_of(self.journey).model_dump(mode="json"),
            },
        }

    def _require_answerable(self, rules: Mapping[str, Rule]) -> None:
        """Every rule can be asked of the data there are; what cannot is named with its place."""
        facts = Facts.about(self.connection, self.context.now)
        asked = [("the entry", rules.get(self.journey.entry.segment or "") or self.journey.entry.rule)]
        asked += [(place, rules.get(one.segment or "") or one.rule) for place, one in self.journey.conditions()]
        for place, rule in asked:
            try:
                if rule is not None:
                    facts.where(rule)
            except NoSuchData as error:
                raise NoSuchData(f"{place[:1].upper()}{place[1:]}: {error.message}", field="journey") from None
            except FixArguments as error:
                raise FixArguments(f"{place[:1].upper()}{place[1:]}: {error.message}", field="journey") from None

    def _sends(self) -> tuple[dict[str, dict[str, Any]], list[str]]:
        found: dict[str, dict[str, Any]] = {}
        warnings: list[str] = []
        for node in self.journey.sends:
            content = Content.model_validate(node.model_dump(include=set(Content.model_fields)))
            found[node.id], said = self._send(node, content)
            warnings += said
        return found, list(dict.fromkeys(warnings))

    def _send(self, node: Send, content: Content) -> tuple[dict[str, Any], list[str]]:
        channel = channel_named(node.channel)
        try:
            check(content, channel)
            content = as_read(content)
            said = [f"Node '{node.id}': {warning}" for warning in check(content, channel)]
        except FixArguments as error:
            raise FixArguments(f"Node '{node.id}': {error.message}", field="journey") from None
        account = account_of(self.connection, channel, Seal(self.context.settings, self.context.identity.org_id))
        wordings = self.wordings[node.channel]
        if wordings is not None:
            require_approved(content.body_text, content.body_text, wordings, account.provider.title)
        for name in sorted(fields_needed(content)):
            said.append(f"Node '{node.id}': who has no {name} gets nothing of it; {{{name}|a default}} lets them.")
        if account.provider.dry:
            said.append(f"Nothing leaves this machine: {channel.title} goes to {account.provider.title}.")
        elif self.context.settings.public_url is None:
            said.append(
                "Recipients cannot reach the unsubscribe link: whoever runs AIMA has to set its public address."
            )
        follows = sending_rules.get(self.connection).follows and channel.html and not account.provider.dry
        return {
            "title": title_of(node),
            "channel": channel.name,
            "provider": account.provider.name,
            "carrier": provider_title(account.provider.name),
            "sender": account.sender,
            "reply_to": account.reply_to,
            "footer": account.footer,
            "follows": follows,
            "content": content.model_dump(mode="json"),
        }, said

    def _as_read(self, sends: Mapping[str, Mapping[str, Any]]) -> Journey:
        """The journey with texts as they will be read: what is shown, approved and sent is one."""
        nodes = [
            replace_texts(node, sends[node.id]["content"]) if isinstance(node, Send) else node
            for node in self.journey.nodes
        ]
        return self.journey.model_copy(update={"nodes": nodes})

    def _audience(self, rules: Mapping[str, Rule]) -> Audience:
        """Who would enter, and be written to by the first send: of an event, those who did it lately."""
        entry, channel = self.journey.entry, self.journey.sends[0].channel if self.journey.sends else "email"
        facts, now = Facts.about(self.connection, self.context.now), self.context.now
        goal = self.journey.goal.event if self.journey.goal else None
        said = entry_words(entry, goal)
        if entry.event is not None:
            condition, values = did_lately(entry.event, now - LATELY, now)
            said = f"{said}; in the last {LATELY.days} days {event_words(entry.event)} was seen of"
        else:
            condition, values = facts.where(rules.get(entry.segment or "") or entry.rule)
        found = audiences.audience(self.connection, condition, values, reach_of(channel_named(channel)), now=now)
        return Audience(
            description=f"{said[:1].upper()}{said[1:]}",
            count=found.count,
            reachable=len(found.reachable),
            to_send=len(found.reachable),
            held_out=0,
            without_consent=found.without_consent,
            suppressed=found.suppressed,
            no_address=found.no_address,
            duplicate_address=found.duplicate_address,
            audience_hash=audience_hash([]),
        )

    def _unseen(self, sends: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Where it is asked who opened or clicked what nobody follows."""
        return [
            f"The {place} asks who opened or clicked '{asked}', which is not followed: everybody goes on as if they had"
            " not. Settings, Messages, has a switch for emails."
            for place, condition in self.journey.conditions()
            if (asked := condition.opened or condition.clicked) and not sends[asked]["follows"]
        ]

    def _change(self, version: int) -> list[str]:
        """What becomes of those who are inside on an earlier version."""
        if version == 1:
            return []
        if self.journey.on_change == "finish":
            return ["Who is inside on an earlier version finishes on that one; who enters from now on gets this one."]
        return [
            "Who is inside moves to the node of the same name and kind of this version, where there is one; the others "
            "finish on theirs. Nobody gets again what they got of a node of the same name."
        ]


def replace_texts(node: Send, content: Mapping[str, Any]) -> Send:
    """A send with other texts."""
    return node.model_copy(update=dict(content))


def _result(row: proposals.ProposalRow, context: Context) -> JourneyProposal:
    proposal = view(row)
    return JourneyProposal(
        proposal=proposal,
        evidence=Evidence(
            rows=proposal.audience.count,
            as_of=context.now,
            sources=["customers", "customer_facts", "events", "orders"],
            definitions=[
                "count: who would enter now; of an event, those who did it in the last 30 days.",
                "reachable: of them, those its first message could go to now; each is looked at again at each step.",
            ],
        ),
    )
