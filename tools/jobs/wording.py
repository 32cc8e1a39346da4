"""Background work in words."""

from __future__ import annotations

from language.format import percent, spaced
from tools.declaration import answers
from tools.jobs.status import JobStatus, JobStatusArguments, job_status
from tools.outcome import Outcome


@answers(job_status)
def status(outcome: Outcome[JobStatusArguments, JobStatus]) -> str:
    """State, progress, result or error."""
    job = outcome.result
    if job.status == "failed":
        return f"**The job “{spaced(job.name)}” failed**: {job.error}"
    detail = f", {job.detail}" if job.detail else ""
    stale = " It has shown no sign of life for a while and will be taken up again." if job.stale else ""
    return f"**The job “{spaced(job.name)}” is {job.status}**: {percent(job.progress)} done{detail}.{stale}"
