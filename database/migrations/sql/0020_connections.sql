create table connections (
    org_id uuid default nullif(current_setting('app.org_id', true), '')::uuid not null,
    id uuid default gen_random_uuid() not null,
    source text not null,
    name text not null,
    prefix text default '' not null,
    settings bytea not null,
    cursors jsonb default '{}' not null,
    status text default 'active' not null,
    last_error text,
    last_result jsonb,
    last_synced_at timestamptz,
    started_at timestamptz,
    created_by text not null,
    created_at timestamptz default now() not null,
    constraint pk_connections primary key (org_id, id),
    constraint uq_connections_org_id_name unique (org_id, name),
    constraint ck_connections_status check (status in ('active', 'disabled'))
);
