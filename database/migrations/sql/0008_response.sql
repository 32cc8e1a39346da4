create table uplift_scores (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    customer_id bigint not null,
    intervention text not null,
    effect real not null,
    campaign_id text not null,
    scored_at timestamptz not null default now(),
    constraint pk_uplift_scores primary key (org_id, customer_id, intervention)
);
create table next_items (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    customer_id bigint not null,
    kind text not null,
    rank smallint not null,
    item text not null,
    score real not null,
    scored_at timestamptz not null default now(),
    constraint pk_next_items primary key (org_id, customer_id, kind, rank)
);
create table value_at_risk (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    dimension text not null,
    name text not null,
    as_of timestamptz not null,
    customers integer not null,
    expected_leavers real not null,
    clv_12m real,
    value_at_risk real,
    constraint pk_value_at_risk primary key (org_id, dimension, name, as_of)
);
