"""What a message says: merge fields, the checks before anybody sees it, and the rendering for one recipient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlsplit

from connectors.channels.contract import Channel, Rendered
from core.errors import FixArguments
from language.merge.places import marked, restored
from language.merge.values import cleaned
from language.one_line import one_line
from tools.campaigns.markup import Markup, harmless
from tools.campaigns.merging import LINE, filled, parts, problems
from tools.campaigns.payload import Content

__all__ = ["BANNED_CLAIMS", "as_read", "check", "preview_of", "render", "unresolved"]

# Promises no message may make, whatever the business: they mislead, or consumer law forbids them without proof
# (EU Directive 2005/29/EC, Annex I; FTC guides on "free" and on guarantees). Compared in lower case.
BANNED_CLAIMS = (
    "100% guaranteed",
    "guaranteed results",
    "guaranteed to win",
    "risk-free",
    "risk free",
    "miracle cure",
    "cures all",
    "clinically proven",
    "no questions asked",
    "you have won",
    "you are a winner",
    "get rich",
    "double your money",
)

SUBJECT_ADVICE = 60
LINK = re.compile(r"https?://[^\s<>\"'{}]+[^\s<>\"'{}.,;:!?)\]]", re.IGNORECASE)
SCHEME = re.compile(r"\b([a-z][a-z0-9+.-]{1,20})://", re.IGNORECASE)


def check(content: Content, channel: Channel) -> list[str]:
    """Warnings about `content`; FixArguments lists everything that makes it unfit to be shown to anybody."""
    unfit = [*_lengths(content, channel), *_claims(content), *_links(content), *_markup(content)]
    if not _too_long(content, channel):  # what is longer than any message is not even read
        unfit += problems(content, channel.limits.text)
    if unfit:
        raise FixArguments("The message cannot be proposed: " + "; ".join(unfit) + ".", field="content")
    return _advice(content, channel)


def as_read(content: Content) -> Content:
    """`content` as a reader gets it: encoded words decoded, control characters gone, HTML without what could harm."""
    preview = None if content.preview_text is None else one_line(content.preview_text)
    html = None if content.body_html is None else harmless(content.body_html)
    return content.model_copy(update={"subject": one_line(content.subject), "preview_text": preview, "body_html": html})


def unresolved(missing: Mapping[str, int]) -> list[str]:
    """What is wrong when so many customers lack a field that is shown to them without a default."""
    return [
        f"{{{name}}} has no value for {people:,} {'customer' if people == 1 else 'customers'} of the audience: write "
        f"{{{name}|some default}}, or show it only {{% if {name} %}} … {{% endif %}}"
        for name, people in sorted(missing.items())
        if people
    ]


def render(
    content: Content,
    values: Mapping[str, object],
    channel: Channel,
    *,
    sender: str,
    unsubscribe: str,
    footer: str = "",
) -> Rendered:
    """Fill in merge fields, add the unsubscribe line, and on channels with HTML make that part where none was written.

    `footer` is the sender's own (a postal address): it stands at the very end, as it is.

    Values are data: each is escaped for the place it stands in; encoded words are decoded and control characters go, so
    that none begins a header of its own. FixArguments when a field that has no default has no value.
    """
    reason, opt_out = (said.format(sender=sender, link=unsubscribe) for said in (channel.reason, channel.opt_out))
    known = cleaned(values)
    said = {name: filled(part, known) for name, part in parts(content, channel.limits.text).items()}
    subject, body = one_line(said.get("subject", "")), said.get("body_text", "")
    rule = "--\n" if channel.html else ""
    text = f"{body.rstrip()}\n\n{rule}{f'{reason} {opt_out}'.strip()}\n"
    text += f"\n{footer}\n" if footer else ""
    if not channel.html:
        return Rendered(subject, text, "")
    preview, html = escape(said.get("preview_text", "")), said.get("body_html") or _html_of(body)
    return Rendered(subject, text, _page(subject, preview, html, f"{escape(reason)} {_ends(unsubscribe, footer)}"))


def preview_of(content: Content, values: Mapping[str, object]) -> str | None:
    """The line that mail programs show after the subject, for one recipient."""
    part = parts(content).get("preview_text")
    return None if part is None else filled(part, cleaned(values))


def _html_of(text: str) -> str:
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    return "\n".join(f'<p style="margin:0 0 16px">{_linked(part.strip())}</p>' for part in paragraphs)


def _linked(text: str) -> str:
    pieces, position = [], 0
    for match in LINK.finditer(text):
        link = escape(match.group())
        pieces += [escape(text[position : match.start()]), f'<a href="{link}">{link}</a>']
        position = match.end()
    return "".join([*pieces, escape(text[position:])]).replace("\n", "<br>\n")


def _ends(unsubscribe: str, footer: str) -> str:
    link = f'<a href="{escape(unsubscribe)}" style="color:#666">Unsubscribe</a>'
    return link + (f"<br><br>{'<br>'.join(map(escape, footer.splitlines()))}" if footer else "")


def _page(subject: str, preview: str, body: str, end: str) -> str:
    hidden = f'<div style="display:none;max-height:0;overflow:hidden">{preview}</div>' if preview else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(subject)}</title></head>\n"
        f'<body style="margin:0;padding:0;background:#f4f4f5">{hidden}'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">\n'
        '<table role="presentation" width="100%" style="max-width:600px;background:#fff" cellpadding="0"'
        ' cellspacing="0"><tr><td style="padding:32px 24px;font:16px/1.5 Arial,Helvetica,sans-serif;color:#18181b">\n'
        f"{body}\n"
        "</td></tr>\n"
        f'<tr><td style="padding:16px 24px;font:12px/1.5 Arial,Helvetica,sans-serif;color:#666">{end}'
        "</td></tr></table>\n</td></tr></table></body></html>\n"
    )


def _parts(content: Content) -> list[str]:
    return [part for part in (content.subject, content.preview_text, content.body_text, content.body_html) if part]


def _lengths(content: Content, channel: Channel) -> Iterable[str]:
    if channel.limits.subject is not None and not content.subject.strip():
        yield "the subject is empty"
    if not content.body_text.strip():
        yield "the body is empty"
    if "\n" in content.subject or "\r" in content.subject:
        yield "the subject has a line break"
    yield from _too_long(content, channel)


def _too_long(content: Content, channel: Channel) -> list[str]:
    limits = channel.limits
    return [
        f"the {name} has {len(part):,} characters, {limit:,} are the limit"
        for name, part, limit in (
            ("subject", content.subject, limits.subject or LINE),
            ("preview text", content.preview_text or "", LINE),
            ("body", content.body_text, limits.text),
            ("HTML body", content.body_html or "", 4 * limits.text),
        )
        if len(part) > limit
    ]


def _claims(content: Content) -> Iterable[str]:
    words = " ".join(" ".join(_parts(content)).lower().split())
    for claim in BANNED_CLAIMS:
        if claim in words:
            yield f"'{claim}' is a claim that must not be made"


def _links(content: Content) -> Iterable[str]:
    for part in (content.subject, content.body_text):
        for scheme in SCHEME.findall(part):
            if scheme.lower() not in ("http", "https"):
                yield f"a link starts with {scheme}://, only https:// and http:// are allowed"
    for link in _all_links(content):
        host = _host(link)
        if host is None or ("." not in host and host != "localhost"):
            yield f"{link} is not a complete link"


def _all_links(content: Content) -> list[str]:
    return [*LINK.findall(content.body_text), *_markup_of(content)[0]]


def _host(link: str) -> str | None:
    try:
        return urlsplit(link).hostname
    except ValueError:
        return None


def _markup(content: Content) -> list[str]:
    return _markup_of(content)[1]


def _markup_of(content: Content) -> tuple[list[str], list[str]]:
    """Links and problems of the HTML as it is written, where a quotation mark in a merge field ends no attribute."""
    skeleton, pieces = marked(content.body_html or "")
    found = Markup(skeleton)
    return [restored(link, pieces) for link in found.links], [restored(said, pieces) for said in found.problems]


def _advice(content: Content, channel: Channel) -> list[str]:
    warnings = []
    if content.subject and channel.limits.subject is None:
        warnings.append(f"{channel.title} has no subject: it is left out.")
    elif len(content.subject) > SUBJECT_ADVICE:
        warnings.append(f"The subject has {len(content.subject)} characters; phones show about {SUBJECT_ADVICE}.")
    if content.subject.isupper():
        warnings.append("The subject is all capitals, which mail programs take for spam.")
    if any(link.lower().startswith("http://") for link in _all_links(content)):
        warnings.append(f"A link is not encrypted (http://); https:// is expected of {channel.plural}.")
    return warnings
