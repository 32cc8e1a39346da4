-- Experiments that came in a file: over which period, and from which file; one of a channel and period.
alter table lift_tests
    add column started_on date,
    add column source text,
    add constraint ck_lift_tests_period check (started_on <= measured_on);
create unique index uq_lift_tests_period on lift_tests (org_id, channel, started_on, measured_on)
    where source is not null;

-- Campaigns whose measured effect a person keeps out of the marketing mix model.
create table lift_test_exclusions (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    campaign_id text not null,
    excluded_by text not null,
    created_at timestamptz not null default now(),
    constraint pk_lift_test_exclusions primary key (org_id, campaign_id)
);
