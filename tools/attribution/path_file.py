"""Credit within a file of counted paths: an analysis of that file alone, beside the shop's own orders and touches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.errors import FixArguments, NoSuchData, NotFound
from core.identity import READ
from database.queries import conversion_paths, organisations
from database.queries.conversion_paths import CountedPath
from tools.attribution.methods import DOES, TITLES, Method, MethodLeftOut, left_out
from tools.attribution.questions import PATH_FILE, path_file_follow_up
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, rounded, share
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    from analytics.attribution.credit import Credits
    from analytics.attribution.journeys import Journeys

NO_FILE = (
    "No file of paths is loaded. Import one with a row a path: the touches (“email > search > direct”), how often it "
    "converted, and if known its value and how often it did not convert."
)


class PathFileReportArguments(Arguments):
    """Which file, and which method leads."""

    file: str | None = Field(default=None, max_length=400, description="Name of the file; absent: the latest.")
    method: Method | None = Field(default=None, description="Method to lead with; absent: the best there is.")
    of: Literal["conversions", "value"] = Field(default="conversions", description="What rows are ordered by.")
    first_share: float = Field(default=0.4, ge=0, le=1, description="Of position-based credit: to the first touch.")
    last_share: float = Field(default=0.4, ge=0, le=1, description="To the last touch.")
    markov_order: Literal[1, 2] = Field(default=1, description="Touches the Markov chain remembers.")


def _credit(method: str) -> float | None:
    credited: float | None = figure(TITLES[method], "Conversions credited.", unit="number", default=None)
    return credited


class PathFileRow(BaseModel):
    """One channel of the file with the conversions each method credits it with."""

    channel: str = figure("Channel", "As the file names it.", unit="verbatim")
    credit: float = figure("Credit", "Conversions credited by the leading method.", unit="number")
    share: float = figure("Share", "Of all conversions, or of their value.", unit="share")
    value: float | None = figure("Value", "What they are worth, by the leading method.", unit="money")
    first: float | None = _credit("first")
    last: float | None = _credit("last")
    last_non_direct: float | None = _credit("last_non_direct")
    linear: float | None = _credit("linear")
    position: float | None = _credit("position")
    shapley: float | None = _credit("shapley")
    markov: float | None = _credit("markov")
    data_driven: float | None = _credit("data_driven")


class PathFileReport(ToolResult):
    """Credit within one file, the most first."""

    file: str = figure("File", "Name of the file.", unit="verbatim")
    rows: list[PathFileRow] = Field(description="Channels of the file, the most credit first.")
    method: Method = figure("Method", "The leading method.")
    of: Literal["conversions", "value"] = Field(description="What shares are of.")
    paths: int = figure("Paths", "Different paths in the file.", unit="count")
    conversions: float = figure("Conversions", "In all.", unit="number")
    value: float | None = figure("Value", "What they are worth; null: the file does not say.", unit="money")
    not_converting: float | None = figure(
        "Not converting", "How often a path did not convert; null: the file does not say.", unit="number"
    )
    left_out: list[MethodLeftOut] = Field(description="Methods the file does not bear.")
    other_files: list[str] = Field(description="Other files of paths that are loaded.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="credit in a file of paths",
    agents=("analytics", "reporting"),
    examples=({}, {"file": "paths.csv", "method": "markov"}),
    questions=(PATH_FILE,),
    follow_up=path_file_follow_up,
    next=("Markov credit in the file of paths", "Which files were imported?"),
)
def path_file_report(context: Context, arguments: PathFileReportArguments) -> PathFileReport:
    """Credit of the channels in a file of counted paths, by every method that needs no times; of that file alone."""
    from analytics.attribution.credit import attribute
    from analytics.attribution.rules import RuleSettings

    with context.transaction() as connection:
        file, others = _file(connection, arguments.file)
        paths = conversion_paths.paths_of(connection, file)
        currency = organisations.profile(connection).currency
    if arguments.first_share + arguments.last_share > 1:
        raise FixArguments("first_share and last_share are 1 together at most.", field="first_share")
    settings = RuleSettings(first_share=arguments.first_share, last_share=arguments.last_share)
    credits = attribute(_journeys(paths), settings=settings, order=arguments.markov_order)
    method = _leading(arguments.method, credits)
    told, not_converting = _known(path.value for path in paths), _known(path.nulls for path in paths)
    of: Literal["conversions", "value"] = arguments.of if told else "conversions"
    return PathFileReport(
        file=file,
        rows=_rows(credits, method, of, valued=told is not None),
        method=method,
        of=of,
        paths=len(paths),
        conversions=_number(credits.total),
        value=money(told),
        not_converting=None if not_converting is None else _number(not_converting),
        left_out=left_out(credits.left_out),
        other_files=others,
        currency=currency,
        evidence=_evidence(context, file, len(paths), credits, currency if told is not None else ""),
    )


def _file(connection: Connection, wanted: str | None) -> tuple[str, list[str]]:
    """The file meant and the others; NotFound lists those there are, NoSuchData where there is none."""
    names = [one.file for one in conversion_paths.files(connection)]
    if not names:
        raise NoSuchData(NO_FILE)
    if wanted is None:
        return names[0], names[1:]
    meant = next((name for name in names if name.lower() == wanted.strip().lower()), None)
    if meant is None:
        raise NotFound(f"No file of paths called “{wanted}” is loaded.", field="file", valid=names[:20])
    return meant, [name for name in names if name != meant]


def _journeys(paths: Sequence[CountedPath]) -> Journeys:
    from analytics.attribution.journeys import journeys_of_paths

    return journeys_of_paths(
        [path.path for path in paths],
        [path.conversions for path in paths],
        [path.value or 0.0 for path in paths],
        [path.nulls or 0.0 for path in paths],
    )


def _leading(asked_for: Method | None, credits: Credits) -> Method:
    if asked_for is not None and asked_for in credits.conversions:
        return asked_for
    return "data_driven" if "data_driven" in credits.conversions else "linear"


def _rows(credits: Credits, method: str, of: str, *, valued: bool) -> list[PathFileRow]:
    amounts, whole = credits.conversions[method], credits.total
    if of == "value":
        amounts, whole = credits.value[method], credits.total_value
    rows = [
        PathFileRow(
            channel=channel,
            credit=_number(credits.conversions[method][place]),
            share=(share(amounts[place] / whole) if whole else None) or 0.0,
            value=money(credits.value[method][place]) if valued else None,
            **{name: _number(each[place]) for name, each in credits.conversions.items()},
        )
        for place, channel in enumerate(credits.channels)
    ]
    return sorted(rows, key=lambda row: (-row.share, row.channel))


def _known(amounts: Iterable[float | None]) -> float | None:
    """The sum; None where none is known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _number(amount: float) -> float:
    return float(rounded(amount, "number") or 0.0)


def _evidence(context: Context, file: str, paths: int, credits: Credits, currency: str) -> Evidence:
    alone = (
        f"Of the file {file} alone: its paths name no customers and no times, so they are neither added to the touches "
        "and orders of the shop nor compared with them, and time decay is not known."
    )
    repeated = "A path counts as often as the file says that it converted, and that it did not."
    told = [f"{TITLES[name]}: {DOES[name]}" for name in credits.conversions]
    told += [f"value: as the file says it, taken to be in {currency}: a file of paths names no currency."] * bool(
        currency
    )
    credit = "Credit, not cause: it shares out conversions among what was met before them."
    return Evidence(
        rows=paths,
        as_of=context.now,
        sources=["conversion_paths"],
        definitions=[alone, credit, repeated, *told],
    )
