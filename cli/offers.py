"""`aima offer`: what campaigns can give, and the shop's own voucher codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.tool_answer import say_answer

offer = typer.Typer(help="Offers that campaigns can give, and their voucher codes.", add_completion=False)

Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")]
Name = Annotated[str, typer.Argument(help="The offer, by name or id.")]


@offer.callback(invoke_without_command=True)
def offers(context: typer.Context) -> None:
    """Offers that campaigns can give, and their voucher codes."""
    if context.invoked_subcommand is None:
        list_()


@offer.command("list")
def list_(org: Org = None, home: Home = None) -> None:
    """Show the offers with their codes and uses."""
    say_answer("list_offers", {}, org, home)


@offer.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Its name.")],
    kind: Annotated[str, typer.Argument(help="percent, amount, free_item, cashback or points.")],
    value: Annotated[float | None, typer.Argument(help="Percent, money or points.")] = None,
    item: Annotated[str | None, typer.Option(help="What is free, for free_item.")] = None,
    minimum: Annotated[float | None, typer.Option(help="Order value from which on it holds.")] = None,
    code: Annotated[str | None, typer.Option(help="One code for all.")] = None,
    prefix: Annotated[str | None, typer.Option(help="A code for each customer, made here, that begins so.")] = None,
    own_codes: Annotated[bool, typer.Option(help="A code for each customer, of your shop's: see `codes`.")] = False,
    budget: Annotated[float | None, typer.Option(help="Most that all its campaigns may give away.")] = None,
    until: Annotated[str | None, typer.Option(help="When it ends, by the shop's clocks: 2026-06-30T23:59.")] = None,
    replaces: Annotated[str | None, typer.Option(help="The offer that it takes the place of.")] = None,
    org: Org = None,
    home: Home = None,
) -> None:
    """Keep an offer; nobody gets it before a campaign with it is approved."""
    codes = "shared" if code else "unique" if prefix or own_codes else "none"
    told = {
        "name": name, "kind": kind, "value": value, "item": item, "minimum": minimum, "codes": codes, "code": code,
        "prefix": prefix, "budget": budget, "valid_until": until, "replaces": replaces,
    }  # fmt: skip
    say_answer("create_offer", {key: said for key, said in told.items() if said is not None}, org, home)


@offer.command("codes")
def codes(
    name: Name,
    file: Annotated[Path, typer.Argument(help="The shop's codes, one a line.", exists=True, dir_okay=False)],
    org: Org = None,
    home: Home = None,
) -> None:
    """Put the shop's own codes in; each is given to one customer."""
    told = [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    say_answer("add_offer_codes", {"offer": name, "codes": told}, org, home)


@offer.command("withdraw")
def withdraw(name: Name, org: Org = None, home: Home = None) -> None:
    """Withdraw an offer; refused while campaigns under way give it."""
    say_answer("withdraw_offer", {"offer": name}, org, home)
