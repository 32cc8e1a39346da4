"""Grouping everybody anew, as a job; every morning it looks for segments that drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.declaration import Every, Work, job
from tools.segments.refresh import RefreshSegmentsArguments
from tools.segments.run import STAGES, SegmentReport, segment_organisation


def _vectors_after(arguments: RefreshSegmentsArguments) -> tuple[str, Mapping[str, Any]] | None:
    """Once everything else is known of everybody, the first vectors are learnt: nobody waits a week to find alike."""
    return ("train_vectors", {"only_first": True}) if set(arguments.what) == set(STAGES) else None


@job(every=(Every("0 6 * * *", {"what": ["drift"]}),), then=_vectors_after)
def refresh_segments(work: Work, arguments: RefreshSegmentsArguments) -> SegmentReport:
    """Compute and keep the stages asked for, in their order."""
    return segment_organisation(
        work.database,
        work.identity,
        work.now,
        work.progress,
        what=tuple(stage for stage in STAGES if stage in arguments.what),
        clusters=arguments.clusters,
        best_number=arguments.best_number,
    )
