"""How people ask about background work."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["JOB"]


def job(slots: Slots, _scene: Scene) -> Answerable:
    """The latest background job, or the one named."""
    return [Call("job_status", {"job_id": slots.identifier} if slots.identifier else {})]


JOB = Request(
    "job",
    """
        how far is the job | job status | is the scoring finished | what is running in the background | is it done yet |
        did the import finish | progress of the job | is the job done | are you done computing | job progress |
        how long will the job take | how much longer for the job | progress please | background jobs |
        show running jobs | which jobs are running | what are you working on right now | is anything running |
        what are you computing at the moment | is something still running in the background | has the scoring finished |
        status of the background work | is the scoring still going | how far along is the scoring | did my import work |
        is the training finished | how far is the training of the vectors | is the model training done | jb status |
        has the import finished | how far is the import | is the file loaded yet | did my upload go through |
        is the refresh done | are the new scores ready | are the clusters ready yet | did the recomputation work |
        have the segments been recomputed yet | why did the job fail | did the last job fail | error of the last job |
        result of the job | outcome of the last background task | status of job 3f0c2b1a-8f6e-4b3e-9d37-0c1f5a2e7d10 |
        is task finished | what percentage is done | how many percent of the computation is through |
        could you check if the calculation has finished | any news from the background task | is it still calculate |
        is the posterior fitted yet | let me know where the job stands | when will the recalculation be ready |
        is the background job finished | status of the job | is the scoring job still running | how far is the scoring |
        is the import still running | is the training job done | are the computations finished |
        progress of the training
    """,
    job,
    near_misses="""
        job openings | apply for a job | job description for a marketing manager | my boss hates his job | good job |
        what is the weather in the background | cancel the job | stop the import | schedule a job every night |
        change the background colour | background music for a video | background check for applicants | cron syntax |
        is the delivery on its way | how far is the next store | is dinner ready
    """,
)
