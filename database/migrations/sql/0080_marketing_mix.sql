-- What experiments measured of a channel, for the marketing mix model to be calibrated by.
create table lift_tests (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    channel text not null,
    spend numeric(18, 4) not null,
    change numeric(18, 4) not null,
    lift numeric(18, 4) not null,
    error numeric(18, 4) not null,
    measured_on date,
    note text,
    created_by text not null,
    created_at timestamptz not null default now(),
    constraint pk_lift_tests primary key (org_id, id),
    constraint ck_lift_tests_error check (error > 0),
    constraint ck_lift_tests_spend check (spend >= 0 and spend + change >= 0 and change <> 0)
);

-- Splits of the budget recommended to a person: what was shown (its hash), and what they decided. Nothing moves by it.
create table budget_plans (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    title text not null,
    payload jsonb not null,
    content_hash text not null,
    status text not null default 'pending',
    request_key text,
    created_by text not null,
    created_at timestamptz not null default now(),
    decided_by text,
    user_id uuid,
    decided_at timestamptz,
    note text,
    constraint pk_budget_plans primary key (org_id, id),
    constraint uq_budget_plans_org_id_request_key unique (org_id, request_key),
    constraint ck_budget_plans_status check (status in ('pending', 'approved', 'rejected', 'superseded')),
    constraint ck_budget_plans_decided check (status not in ('approved', 'rejected') or user_id is not null)
);
