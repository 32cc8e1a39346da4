-- What to do in a week: one plan for each, made anew in its place, and its actions by customer and day.
create table week_plans (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    week date not null,
    settings jsonb not null,
    totals jsonb not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    constraint pk_week_plans primary key (org_id, id),
    constraint uq_week_plans_org_id_week unique (org_id, week)
);
create table week_actions (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    plan_id uuid not null,
    customer_id bigint not null,
    day date not null,
    kind text not null,
    channel text not null,
    score real not null,
    reason text not null,
    hint text,
    hour_from smallint not null,
    hour_until smallint not null,
    cost real,
    constraint pk_week_actions primary key (org_id, plan_id, customer_id, day)
);
create index ix_week_actions_org_id_plan_id_day_kind on week_actions (org_id, plan_id, day, kind);
