-- Journeys: what people are led through. A definition is worked on as a draft; what runs is a version that a person
-- approved as a proposal, and that proposal's content is what runs.
create table journeys (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    name text not null,
    status text not null default 'draft',
    definition jsonb not null,
    version integer,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    constraint pk_journeys primary key (org_id, id),
    constraint ck_journeys_status check (status in ('draft', 'running', 'paused', 'closing', 'ended')),
    constraint ck_journeys_version check ((status = 'draft') = (version is null))
);
create unique index uq_journeys_org_id_name on journeys (org_id, lower(name));

create table journey_versions (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    journey_id uuid not null,
    version integer not null,
    proposal_id uuid not null,
    started_at timestamptz not null,
    entries_from timestamptz not null,
    members_at timestamptz,
    news_at timestamptz,
    news_of text not null default '',
    constraint pk_journey_versions primary key (org_id, journey_id, version),
    constraint uq_journey_versions_org_id_proposal_id unique (org_id, proposal_id)
);

-- Where everybody is: one row for each time that a customer entered; at most one of them is inside.
create table journey_people (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    journey_id uuid not null,
    customer_id bigint not null,
    entry integer not null,
    version integer not null,
    state text not null,
    node text,
    due_at timestamptz,
    since timestamptz not null,
    cause text not null,
    caused_at timestamptz not null,
    entered_at timestamptz not null,
    left_at timestamptz,
    outcome text,
    constraint pk_journey_people primary key (org_id, journey_id, customer_id, entry),
    constraint ck_journey_people_state check (state in ('in', 'out')),
    constraint ck_journey_people_place check (
        (state = 'in') = (node is not null) and (state = 'in') = (due_at is not null)
        and (state = 'out') = (left_at is not null) and (state = 'out') = (outcome is not null))
);
create unique index uq_journey_people_inside on journey_people (org_id, journey_id, customer_id) where state = 'in';
create index ix_journey_people_due on journey_people (org_id, journey_id, version, node, due_at) where state = 'in';
create index ix_journey_people_org_id_customer_id on journey_people (org_id, customer_id);

-- What was done with whom: each node once in an entry. A node that acts is on no circle; one that only waits or asks may
-- be, and counts its visits.
create table journey_steps (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    journey_id uuid not null,
    customer_id bigint not null,
    entry integer not null,
    node text not null,
    version integer not null,
    way text not null,
    at timestamptz not null,
    visits integer not null default 1,
    constraint pk_journey_steps primary key (org_id, journey_id, customer_id, entry, node)
);
create index ix_journey_steps_org_id_customer_id on journey_steps (org_id, customer_id);

-- What journeys note of customers.
create table customer_tags (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    customer_id bigint not null,
    name text not null,
    value text,
    set_by text not null,
    set_at timestamptz not null default now(),
    constraint pk_customer_tags primary key (org_id, customer_id, name)
);

-- Calls to the organisation's own webhook that journeys ask for.
create table journey_calls (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    journey_id uuid not null,
    customer_id bigint not null,
    entry integer not null,
    node text not null,
    event text not null,
    status text not null default 'pending',
    attempts integer not null default 0,
    due_at timestamptz not null,
    reason text,
    made_at timestamptz not null,
    constraint pk_journey_calls primary key (org_id, id),
    constraint uq_journey_calls_org_id_journey_id_customer_id_entry_node
        unique (org_id, journey_id, customer_id, entry, node),
    constraint ck_journey_calls_status check (status in ('pending', 'done', 'failed'))
);
create index ix_journey_calls_due on journey_calls (org_id, due_at) where status = 'pending';
create index ix_journey_calls_org_id_customer_id on journey_calls (org_id, customer_id);

-- A step that sends is a campaign of the proposal it was approved with; who enters again gets its message again.
alter table campaigns add column step_of uuid;
alter table messages add column entry integer not null default 1;
alter table messages drop constraint uq_messages_org_id_campaign_id_customer_id_channel;
alter table messages add constraint uq_messages_org_id_campaign_id_customer_id_channel_entry
    unique (org_id, campaign_id, customer_id, channel, entry);

-- A version runs only as a person approved it.
create function check_journey_version() returns trigger language plpgsql as $$
begin
    perform 1 from proposals p
    join approvals a on a.proposal_id = p.id and a.decision = 'approved' and a.content_hash = p.content_hash
    where p.id = new.proposal_id and p.kind = 'journey'
        and p.payload ->> 'journey_id' = new.journey_id::text and (p.payload ->> 'version')::integer = new.version;
    if not found then
        raise exception 'no person has approved version % of journey %', new.version, new.journey_id
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger check_journey_version before insert or update of journey_id, version, proposal_id on journey_versions
for each row execute function check_journey_version();

-- Messages of a campaign go to those who were shown with it; messages of a step, of a node that was approved, to those
-- who are in that journey on that version.
create or replace function check_outbox() returns trigger language plpgsql as $$
declare
    stray text;
begin
    select s.campaign_id into stray from (
        select m.campaign_id, m.customer_id from made m
        where m.status in ('pending', 'claimed', 'handing_over') and strpos(m.campaign_id, ':') = 0
        except
        select p.id::text, c.id::bigint
        from (select distinct campaign_id from made) w
        join proposals p on p.id::text = w.campaign_id
        join approvals a on a.proposal_id = p.id and a.decision = 'approved' and a.content_hash = p.content_hash
        cross join lateral jsonb_array_elements_text(p.payload -> 'customers') c (id)
    ) s limit 1;
    if stray is null then
        with made_by_steps as (
            select m.campaign_id, m.customer_id, m.entry from made m
            where m.status in ('pending', 'claimed', 'handing_over') and strpos(m.campaign_id, ':') > 0
        ),
        steps as (
            select w.campaign_id, v.journey_id, v.version
            from (select distinct campaign_id from made_by_steps) w
            join proposals p on p.id::text = split_part(w.campaign_id, ':', 1) and p.kind = 'journey'
            join approvals a on a.proposal_id = p.id and a.decision = 'approved' and a.content_hash = p.content_hash
            join journey_versions v on v.proposal_id = p.id
            where p.payload -> 'sends' ? split_part(w.campaign_id, ':', 2)
        )
        select m.campaign_id into stray from made_by_steps m
        where not exists (
            select from steps s join journey_people j on j.journey_id = s.journey_id and j.version = s.version
            where s.campaign_id = m.campaign_id and j.customer_id = m.customer_id and j.entry = m.entry
        ) limit 1;
    end if;
    if stray is not null then
        raise exception 'no person has approved these messages of campaign %', stray using errcode = 'check_violation';
    end if;
    return null;
end $$;

create or replace function check_sent_again() returns trigger language plpgsql as $$
begin
    perform 1 from approvals a
    where a.proposal_id::text = split_part(new.campaign_id, ':', 1) and a.decision = 'approved';
    if not found then
        raise exception 'no person has approved campaign %', new.campaign_id using errcode = 'check_violation';
    end if;
    return new;
end $$;
