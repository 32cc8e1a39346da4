-- Groups found in the features: runs, who is in what, who moved, drift, the map, and what people changed of playbooks.
create table groupings (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    kind text not null,
    as_of timestamptz not null,
    status text not null,
    reason text,
    customers bigint not null,
    ungrouped bigint not null,
    silhouette real,
    asked integer,
    tried jsonb not null,
    groups jsonb not null,
    created_at timestamptz not null default now(),
    constraint pk_groupings primary key (org_id, id),
    constraint ck_groupings_kind check (kind in ('cluster', 'discovered', 'behaviour'))
);
create index ix_groupings_org_id_kind_created_at on groupings (org_id, kind, created_at);
create table customer_groups (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    customer_id bigint not null,
    cluster text,
    cluster_confidence real,
    discovered_group text,
    discovered_confidence real,
    behaviours text[] not null default '{}',
    constraint pk_customer_groups primary key (org_id, customer_id)
);
create table membership_moves (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    kind text not null,
    customer_id bigint not null,
    moved_from text not null,
    moved_to text not null,
    since timestamptz not null,
    at timestamptz not null,
    constraint pk_membership_moves primary key (org_id, kind, customer_id, at, moved_from, moved_to)
);
create index ix_membership_moves_org_id_kind_at on membership_moves (org_id, kind, at);
create table segment_drifts (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    kind text not null,
    segment text not null,
    as_of timestamptz not null,
    compared_with timestamptz,
    badge text,
    alert boolean not null,
    reason text not null,
    size_before bigint,
    size_now bigint not null,
    stayed bigint,
    entered bigint,
    departed bigint,
    scores jsonb,
    shifts jsonb not null,
    created_at timestamptz not null default now(),
    constraint pk_segment_drifts primary key (org_id, kind, segment, as_of)
);
create table map_points (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    customer_id bigint not null,
    x real not null,
    y real not null,
    as_of timestamptz not null,
    constraint pk_map_points primary key (org_id, customer_id)
);
create table playbooks (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    kind text not null,
    segment text not null,
    offers jsonb not null,
    message text not null,
    channels jsonb not null,
    send_window text not null,
    updated_by text not null,
    updated_at timestamptz not null default now(),
    constraint pk_playbooks primary key (org_id, kind, segment)
);
