"""docs/messages.md: what texts of messages may say, with the fields and filters as they are declared."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["message_page"]

_KINDS = {"text": "text", "number": "number", "money": "amount", "date": "day", "list": "list"}
_FILTERS = {
    "default": ('`{{ first_name \\| default: "there" }}`', "another text for those who have none"),
    "upcase": ("`{{ country \\| upcase }}`", "in capitals"),
    "downcase": ("`{{ country \\| downcase }}`", "in small letters"),
    "capitalize": ("`{{ favourite_category \\| capitalize }}`", "a capital first, the rest small"),
    "strip": ("`{{ name \\| strip }}`", "without blanks at its ends"),
    "truncate": ("`{{ name \\| truncate: 20 }}`", "at most so many characters, `...` included"),
    "truncatewords": ("`{{ name \\| truncatewords: 2 }}`", "at most so many words"),
    "append": ('`{{ first_name \\| append: "," }}`', "with a text behind it"),
    "prepend": ('`{{ first_name \\| prepend: " " \\| default: "" }}`', "with a text before it; missing stays missing"),
    "replace": ('`{{ city \\| replace: "Muenchen", "München" }}`', "one text for another"),
    "remove": ('`{{ name \\| remove: "Dr. " }}`', "without a text"),
    "join": ('`{{ last_products \\| join: " and " }}`', "a list in one line"),
    "first": ("`{{ last_products \\| first }}`", "the first of a list"),
    "last": ("`{{ last_products \\| last }}`", "the last of a list"),
    "size": ("`{{ last_products \\| size }}`", "how many a list has"),
    "date": (
        '`{{ last_order \\| date: "%A %-d %B" }}`',
        "a day in another form: %d %-d %e %m %-m %Y %y %B %b %A %a %j",
    ),
    "money": ("`{{ orders \\| money }}`", "a number as an amount in your currency"),
    "plus": ("`{{ orders \\| plus: 1 }}`", "a sum"),
    "minus": ("`{{ orders \\| minus: 1 }}`", "a difference"),
    "times": ("`{{ total_spent \\| times: 0.1 }}`", "a product"),
    "divided_by": ("`{{ total_spent \\| divided_by: 10 }}`", "a quotient"),
    "round": ("`{{ total_spent \\| divided_by: 10 \\| round }}`", "a whole number, or so many decimals"),
}
_ABOVE = """
# Texts of messages

Subject, preview text and bodies are templates in a part of [Liquid](https://shopify.github.io/liquid/). The message on
the card of a proposal is filled in for a customer of the audience. Made by `python -m cli.reference`.

```liquid
Hello {{ first_name | default: "there" }},

{% if country == "Germany" %}Versand ist frei.{% else %}Shipping is on us.{% endif %}
{% if orders > 5 %}You are one of our most loyal customers.{% endif %}
{% for product in last_products %}- {{ product }}
{% endfor %}
```

- `{first_name|there}` is short for `{{ first_name | default: "there" }}`.
- Tags are `if`, `elsif`, `else`, `unless`, `case`, `when`, `for` and `comment`. Conditions compare with `==`, `!=`,
  `<`, `<=`, `>`, `>=` and `contains`, joined by `and` and `or`. Texts and days stand in quotes, `"2026-03-31"`; numbers
  do not.
- `{% for %}` goes through a list. In it, `forloop.first`, `forloop.last` and `forloop.index` tell where it is.
- A value somebody lacks is never a blank: a proposal says for how many customers a field has none, unless the field has
  a default or stands where a condition sees to it, as in `{% if city %}in {{ city }}{% endif %}`.
- What is not known, not closed or without bounds is refused with its line before anybody sees the draft. There are at
  most 500 fields and tags, 8 blocks and 2 loops inside of each other, 200 rounds, and 2,000 characters that values add
  to a part.
- Values are data: they are never read as templates. In HTML each is escaped for its place, in links it is
  percent-encoded; it cannot decide which server a link leads to, and it cannot stand in a style.
- Amounts and days are written as your organisation writes them.

## Fields

| field | what | kind | example |
|---|---|---|---|
"""


def message_page() -> str:
    """The page, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    from database.queries.merge_fields import MERGE_FIELDS
    from language.merge.filters import FILTERS

    yield _ABOVE.strip()
    for field in MERGE_FIELDS:
        yield f"| {field.name} | {field.title} | {_KINDS[field.kind]} | {field.example} |"
    yield "\n## Filters\n\n| filter | as in | what it gives |\n|---|---|---|"
    for name in FILTERS:
        form, meaning = _FILTERS[name]
        yield f"| {name} | {form} | {meaning} |"
