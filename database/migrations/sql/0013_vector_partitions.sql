-- Vectors of an organisation are a partition of their own, replaced as a whole: rows are written into a table without
-- indexes, which are built once at the end, and it takes the place of the partition before. A search then walks a graph
-- that holds nobody else's vectors, and no vacuum has to mend one. All within the caller's transaction; the caller
-- writes the rows itself, as the application's role, held by row-level security.

alter table customer_vectors rename to customer_vectors_before;
alter table customer_vectors_before rename constraint pk_customer_vectors to pk_customer_vectors_before;
alter index ix_customer_vectors_vector rename to ix_customer_vectors_before_vector;
alter table customer_vectors_before no force row level security;

create table customer_vectors (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    customer_id bigint not null,
    vector vector(128) not null,
    as_of timestamptz not null,
    model_run_id uuid not null,
    computed_at timestamptz not null default now(),
    constraint pk_customer_vectors primary key (org_id, customer_id)
) partition by list (org_id);
create index ix_customer_vectors_vector on customer_vectors using hnsw (vector vector_cosine_ops);

-- The name of an empty table for the vectors of the organisation at hand; other loads of it wait.
create function begin_vectors() returns text
language plpgsql security definer set search_path = public as $$
declare
    org uuid := nullif(current_setting('app.org_id', true), '')::uuid;
    loading text := format('loading_vectors_%s', pg_backend_pid());
begin
    if org is null then
        raise exception 'vectors belong to an organisation: none is bound';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('vectors of ' || org, 0));
    execute format('drop table if exists %I', loading);
    execute format('create table %I (like customer_vectors including defaults)', loading);
    execute format('alter table %I enable row level security, force row level security', loading);
    execute format(
        'create policy own_organisation on %I using (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)'
        ' with check (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)', loading);
    execute format('grant insert on %I to aima_app', loading);
    return loading;
end $$;

-- Index the rows written and put them in the place of the organisation's vectors. The whole graph is kept in memory
-- while it is built (about 1.4 kB a vector, at most 2 GB), for beyond it each vector costs a read of the disk.
create function end_vectors(rows bigint) returns void
language plpgsql security definer set search_path = public as $$
declare
    org uuid := nullif(current_setting('app.org_id', true), '')::uuid;
    loading text := format('loading_vectors_%s', pg_backend_pid());
    own text := 'customer_vectors_' || replace(org::text, '-', '');
    before text := current_setting('maintenance_work_mem');
begin
    perform set_config('maintenance_work_mem', format('%skB', least(65536 + rows * 1.4, 2097151)::bigint), true);
    execute format('alter table %I add primary key (org_id, customer_id)', loading);
    execute format('create index %I on %I using hnsw (vector vector_cosine_ops)', loading || '_hnsw', loading);
    perform set_config('maintenance_work_mem', before, true);
    execute format('analyze %I', loading);
    execute format('revoke all on %I from aima_app', loading);
    execute format('drop table if exists %I', own);
    execute format('alter table %I rename to %I', loading, own);
    execute format('alter index %I rename to %I', loading || '_hnsw', own || '_hnsw');
    execute format('alter table customer_vectors attach partition %I for values in (%L)', own, org);
end $$;
