"""WhatsApp's Cloud API: messages and templates (developers.facebook.com/docs/whatsapp/cloud-api)."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from tests.conformance.apis import ProviderApi, Reply, Request, Sent

TOKEN, NUMBER, ACCOUNT = "token-of-whatsapp-4711", "106540352242922", "102290129340398"
MESSAGES, TEMPLATES = f"/v26.0/{NUMBER}/messages", f"/v26.0/{ACCOUNT}/message_templates"
REFUSED = "+491700000026"
GAP = re.compile(r"\{\{(\w+)\}\}")


def template(name: str, *parts: tuple[str, str], **changes: str) -> dict[str, Any]:
    """A template as Meta lists it."""
    components = [{"type": kind, "text": text} for kind, text in parts]
    listed = {"name": name, "language": "en", "category": "MARKETING", "status": "APPROVED", "components": components}
    return listed | {"parameter_format": "POSITIONAL"} | changes


class WhatsAppApi(ProviderApi):
    """One number with its account; questions about templates are not noted among what was `asked`."""

    def __init__(self) -> None:
        super().__init__()
        self.templates = [
            template("static", ("BODY", "Grüße, 你好 🎁\n.\nlast")),
            template("link", ("BODY", "Grüße 🎁\nNo more of these: {{1}}")),
        ]

    def is_message(self, request: Request) -> bool:
        """A POST to the number's messages."""
        return (request.method, request.path) == ("POST", MESSAGES)

    def answer(self, request: Request) -> Reply:
        """As WhatsApp does."""
        if (request.method, request.path) == ("GET", TEMPLATES) and request in self.asked:
            self.asked.remove(request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return error(401, 190, "Error validating access token: Session has expired")
        if self.is_message(request):
            return self._message(request.json)
        if (request.method, request.path) == ("GET", TEMPLATES):
            return self._listed(request)
        if (request.method, request.path) == ("GET", f"/v26.0/{NUMBER}"):
            return Reply(200, {"display_phone_number": "+49 170 0000001", "verified_name": "Shop", "id": NUMBER})
        return error(400, 100, "Unsupported request")

    def _message(self, tree: dict[str, Any]) -> Reply:
        assert (tree["messaging_product"], tree["recipient_type"], tree["type"]) == (
            "whatsapp",
            "individual",
            "template",
        )
        assert set(tree) == {
            "messaging_product", "recipient_type", "to", "type", "template", "biz_opaque_callback_data",
        }  # fmt: skip
        asked = tree["template"]
        if tree["to"] == REFUSED:
            return error(400, 131026, "Message undeliverable")
        key = (asked["name"], asked["language"]["code"])
        known = next((one for one in self.templates if (one["name"], one["language"]) == key), None)
        if known is None:
            return error(404, 132001, "Template name does not exist in the translation")
        body = next(part["text"] for part in known["components"] if part["type"] == "BODY")
        given = [one for part in asked.get("components", []) for one in part["parameters"]]
        if len(given) != len(GAP.findall(body)) or any(re.search(r"[\n\t]| {4}", one["text"]) for one in given):
            return error(400, 132000, "Number of parameters does not match")
        values = iter(given)
        said = GAP.sub(lambda _gap: str(next(values)["text"]), body)
        text = "\n\n".join(said if part["type"] == "BODY" else part["text"] for part in known["components"])
        sent = self.take(Sent(f"wamid.{uuid4().hex}", tree["biz_opaque_callback_data"], tree["to"], text + "\n", tree))
        contact = {"input": sent.address, "wa_id": sent.address.removeprefix("+")}
        taken = {"id": sent.reference, "message_status": "accepted"}
        return Reply(200, {"messaging_product": "whatsapp", "contacts": [contact], "messages": [taken]})

    def _listed(self, request: Request) -> Reply:
        assert request.query["status"] == "APPROVED"
        start, size = int(request.query.get("after", 0)), min(int(request.query["limit"]), self.per_page)
        shown, more = self.templates[start : start + size], start + size < len(self.templates)
        following = {"next": f"https://graph.facebook.com{TEMPLATES}?after={start + size}"} if more else {}
        return Reply(200, {"data": shown, "paging": {"cursors": {"after": str(start + size)}, **following}})


def error(status: int, code: int, words: str) -> Reply:
    """An error as Meta words it."""
    data = {"messaging_product": "whatsapp", "details": words}
    return Reply(
        status, {"error": {"message": f"(#{code})", "type": "OAuthException", "code": code, "error_data": data}}
    )
