-- What goes out was approved: the database itself ties the outbox to the decision of a person, and the decision to
-- what was shown, whoever writes the rows.
create function check_decision() returns trigger language plpgsql as $$
begin
    perform 1 from proposals p
    where p.id = new.proposal_id and p.status = 'pending' and p.content_hash = new.content_hash;
    if not found then
        raise exception 'proposal % does not wait for this decision', new.proposal_id using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger check_decision before insert on approvals for each row execute function check_decision();

create function check_proposal_status() returns trigger language plpgsql as $$
begin
    if new.status in ('approved', 'rejected') then
        perform 1 from approvals a
        where a.proposal_id = new.id and a.decision = new.status and a.content_hash = new.content_hash;
        if not found then
            raise exception 'nobody has decided so about proposal %', new.id using errcode = 'check_violation';
        end if;
    elsif tg_op = 'UPDATE' and old.status in ('approved', 'rejected') then
        raise exception 'proposal % is decided', new.id using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger check_proposal_status before insert or update of status on proposals
for each row execute function check_proposal_status();

-- A message that may still be sent is one of a campaign that a person approved, to a customer whom they were shown.
create function check_outbox() returns trigger language plpgsql as $$
declare
    stray text;
begin
    with waiting as (
        select m.campaign_id, m.customer_id from made m where m.status in ('pending', 'claimed', 'handing_over')
    ),
    approved as (
        select p.id::text as campaign_id, p.payload
        from (select distinct w.campaign_id from waiting w) w
        join proposals p on p.id::text = w.campaign_id
        join approvals a on a.proposal_id = p.id and a.decision = 'approved' and a.content_hash = p.content_hash
    ),
    shown as (
        select a.campaign_id, c.id::bigint as customer_id
        from approved a cross join lateral jsonb_array_elements_text(a.payload -> 'customers') c (id)
    )
    select w.campaign_id into stray from waiting w
    where not exists (
        select from shown s where s.campaign_id = w.campaign_id and s.customer_id = w.customer_id
    ) limit 1;
    if stray is not null then
        raise exception 'no person has approved these messages of campaign %', stray using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger check_outbox after insert on messages
referencing new table as made for each statement execute function check_outbox();

-- One that is done with waits again only where it was approved.
create function check_sent_again() returns trigger language plpgsql as $$
begin
    perform 1 from approvals a where a.proposal_id::text = new.campaign_id and a.decision = 'approved';
    if not found then
        raise exception 'no person has approved campaign %', new.campaign_id using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger check_sent_again before update of status, campaign_id on messages for each row
when (
    new.status in ('pending', 'claimed', 'handing_over')
    and (old.status not in ('pending', 'claimed', 'handing_over') or new.campaign_id is distinct from old.campaign_id)
)
execute function check_sent_again();
