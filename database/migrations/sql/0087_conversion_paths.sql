-- Paths to conversions as a file counts them: a set of its own for each file, for no customer is known behind them.
create table conversion_paths (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    file text not null,
    path_id text not null,
    path jsonb not null,
    conversions numeric(18, 4) not null,
    value numeric(18, 4),
    nulls numeric(18, 4),
    constraint pk_conversion_paths primary key (org_id, file, path_id),
    constraint ck_conversion_paths_counts check (conversions >= 0 and (nulls is null or nulls >= 0))
);
