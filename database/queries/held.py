"""Messages whose campaign, or journey, lets nothing go out: it is paused, or over."""

from __future__ import annotations

from typing import Final

__all__ = ["MAY_GO", "SKIPPED_AS_ENDED", "UNHELD"]

UNHELD: Final = """
    m.campaign_id <> all(array(  -- asked once: a paused campaign may have a hundred thousand messages
        select k.campaign_id from campaigns k where (k.proposal_id is not null or k.step_of is not null)
        and (k.status = 'paused' or (k.status in ('scheduled', 'active') and k.ends_at <= :now))))
"""
"""Of a message m that waits: its campaign is neither paused nor over at instant :now."""

MAY_GO: Final = """
    not exists (
        select from campaigns k where k.campaign_id = h.campaign_id
        and (k.proposal_id is not null or k.step_of is not null)
        and (k.status not in ('scheduled', 'active') or k.ends_at <= clock_timestamp()))
"""
"""Of a message h that is about to be handed over: its campaign is under way at this very moment."""

SKIPPED_AS_ENDED: Final = """
    update messages m set status = 'skipped', updated_at = :now, claimed_by = null,
        reason = case k.status when 'expired' then 'the campaign was over before its turn came'
                               else 'the campaign was ended before its turn came' end
    from campaigns k
    where m.status = 'pending' and k.campaign_id = m.campaign_id and k.proposal_id is not null
      and k.status in ('completed', 'expired', 'archived')
"""
