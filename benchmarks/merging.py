"""Messages filled in: our merge language against str.replace, the regular expression it took the place of, and two
template engines, in one program.

    python benchmarks/merging.py [--messages 20000]

`simple` is what most emails are: two fields with a default in a text of 600 characters. `branching` has conditions and
a loop as well; str.replace and the regular expression cannot do that one. Everybody fills in the same values, in one
process and on one core; time is processor time, the best of three rounds. A template is read once, as it is for a
campaign. python-liquid runs without any limits, Jinja in its sandbox.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from jinja2.sandbox import SandboxedEnvironment
from liquid import Environment

from database.queries.merge_fields import MERGE_FIELDS
from language.merge.places import in_text
from language.merge.template import Template
from language.merge.values import cleaned

Person = Mapping[str, object]
Fill = Callable[[Person], str]

FILLING = (
    "It has been a while since your last order, and our range has moved on since then. Have a look at what is new. " * 5
)
SIMPLE = f"Hello {{{{ first_name | default: 'there' }}}},\n\n{FILLING}\n\nSee you in {{{{ city | default: 'town' }}}}!"
BRANCHING = (
    SIMPLE
    + "{% if country == 'Germany' %}Bis bald{% elsif orders > 5 %}Thank you{% else %}Bye{% endif %}"
    + "{% for product in last_products %}- {{ product }}\n{% endfor %}{{ country | upcase | default: 'x' }}"
)
ALIAS = re.compile(r"\{\{ (\w+) \| default: '(\w+)' \}\}")


def people(count: int) -> list[Person]:
    """So many people, every third without a city."""
    return [
        {
            "first_name": f"Ada{n}",
            "city": None if n % 3 == 0 else "Berlin",
            "country": ("Germany", "Spain")[n % 2],
            "orders": n % 9,
            "last_products": ["Blue mug", "Tea pot"],
            "last_order": date(2026, 3, 1 + n % 28),
            "total_spent": Decimal(n),
        }
        for n in range(count)
    ]


def replacing(source: str) -> Fill:
    found = [(match.group(), match[1], match[2]) for match in ALIAS.finditer(source)]

    def fill(person: Person) -> str:
        text = source
        for written, name, default in found:
            text = text.replace(written, str(person[name] or default))
        return text

    return fill


def by_expression(source: str) -> Fill:
    return lambda person: ALIAS.sub(lambda match: str(person[match[1]] or match[2]), source)


def python_liquid(source: str) -> Fill:
    template = Environment().from_string(source)
    return lambda person: template.render(**person)


def jinja(source: str) -> Fill:
    of_liquid = re.sub(r"default: ('\w+')", r"default(\1, true)", source).replace("elsif", "elif")
    of_liquid = re.sub(r"(if|elif) ", r"\1 ", of_liquid).replace("upcase", "upper").replace("unless", "if not")
    template = SandboxedEnvironment().from_string(of_liquid)
    return lambda person: template.render(person)


def ours(source: str) -> Fill:
    template = Template(in_text(source), {field.name: field.kind for field in MERGE_FIELDS})
    return lambda person: template.render(cleaned(person), 52_000)


def rate(fill: Fill, persons: Sequence[Person]) -> float:
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        for person in persons:
            fill(person)
        best = min(best, time.process_time() - begun)
    return len(persons) / best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    persons = people(parser.parse_args().messages)
    contests = {
        "simple": (SIMPLE, {"str.replace": replacing, "regular expression": by_expression}),
        "branching": (BRANCHING, {}),
    }
    print(f"{'template':<10} {'renderer':<20} {'a second':>10} {'× python-liquid':>16}")
    for title, (source, plain) in contests.items():
        makers = {**plain, "Jinja, sandboxed": jinja, "python-liquid": python_liquid, "AIMA": ours}
        texts = {name: make(source)(persons[1]) for name, make in makers.items()}
        if len(set(texts.values())) > 1:
            raise SystemExit(f"they do not say the same: {texts}")
        rates = {name: rate(make(source), persons) for name, make in makers.items()}
        for name, found in rates.items():
            print(f"{title:<10} {name:<20} {found:>10,.0f} {found / rates['python-liquid']:>16.1f}")


if __name__ == "__main__":
    main()
