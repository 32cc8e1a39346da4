"""Grouping everybody anew, as a job; every morning it looks for segments that drift."""

from __future__ import annotations

from tools.declaration import Every, Work, job
from tools.segments.refresh import RefreshSegmentsArguments
from tools.segments.run import STAGES, SegmentReport, segment_organisation


@job(every=(Every("0 6 * * *", {"what": ["drift"]}),))
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
