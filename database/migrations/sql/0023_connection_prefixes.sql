-- What stands before the identifiers of a connection, kept when it is taken away: made again under its name it has the
-- same ones, and another never gets the bare ones that the rows it left behind have.
create table connection_prefixes (
    org_id uuid default nullif(current_setting('app.org_id', true), '')::uuid not null,
    source text not null,
    name text not null,
    prefix text not null,
    created_at timestamptz default clock_timestamp() not null,
    constraint pk_connection_prefixes primary key (org_id, source, name),
    constraint uq_connection_prefixes_org_id_prefix unique (org_id, prefix)
);
alter table connections no force row level security;
insert into connection_prefixes (org_id, source, name, prefix, created_at)
select distinct on (org_id, prefix) org_id, source, lower(name), prefix, created_at from connections
order by org_id, prefix, created_at;
alter table connections force row level security;
