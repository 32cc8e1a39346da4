create or replace function rehash_proposal(proposal uuid, old_hash text, new_hash text) returns void
language plpgsql security definer set search_path = public as $$
begin
    update approvals a set content_hash = new_hash from proposals p
    where p.id = proposal and p.org_id = erase_whose() and a.org_id = p.org_id and a.proposal_id = p.id
        and a.content_hash = old_hash and p.content_hash = old_hash;
    update proposals p set content_hash = new_hash
    where p.id = proposal and p.org_id = erase_whose() and p.content_hash = old_hash;
end $$;
