-- Scores of a large organisation are a partition of their own, replaced as a whole as its vectors are: rows are copied
-- into a new table without indexes, which are built once at the end, and it takes the place of the partition before.
-- Nothing is logged row by row, no dead row is left behind, and no key is looked for a million times. Everybody else's
-- scores share the default partition. All within the caller's transaction, by the application's role: what it copies is
-- checked when the table becomes the partition of the organisation at hand, and no one else's rows pass.

create function begin_partition(parent text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    org uuid := nullif(current_setting('app.org_id', true), '')::uuid;
    loading text := format('loading_%s_%s', parent, pg_backend_pid());
begin
    if org is null then
        raise exception 'rows belong to an organisation: none is bound';
    end if;
    if not exists (select from pg_partitioned_table where partrelid = to_regclass(parent) and partstrat = 'l') then
        raise exception '% is not partitioned by organisation', parent;
    end if;
    perform pg_advisory_xact_lock(hashtextextended(parent || ' of ' || org, 0));
    execute format('drop table if exists %I', loading);
    -- analysed here and replaced before long: autovacuum has work after many changes only, not after the load itself
    execute format(
        'create table %I (like %I including defaults)'
        ' with (autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 2)', loading, parent);
    execute format('grant insert on %I to aima_app', loading);
    return loading;
end $$;

-- Index the rows written and put them in the place of the organisation's. A graph of vectors is kept in memory while it
-- is built (about 1.4 kB a vector, at most 2 GB), for beyond it each vector costs a read of the disk. Readers wait for
-- the last moments only: the parent is locked when nobody reads it, asked for again and again, so that nobody has to
-- queue behind the asking (after a minute it is waited for).
create function end_partition(parent text, rows bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    org uuid := nullif(current_setting('app.org_id', true), '')::uuid;
    loading text := format('loading_%s_%s', parent, pg_backend_pid());
    own text := format('%s_%s', parent, replace(org::text, '-', ''));
    memory text := current_setting('maintenance_work_mem');
    patience text := current_setting('lock_timeout');
    wanted record;
begin
    execute format('revoke all on %I from aima_app', loading);
    perform set_config('maintenance_work_mem', format('%skB', least(65536 + rows * 1.4, 2097151)::bigint), true);
    for wanted in
        select indisprimary, pg_get_indexdef(indexrelid) as definition from pg_index
        where indrelid = parent::regclass order by indisprimary desc
    loop
        if wanted.indisprimary then
            execute format('alter table %I add primary key (org_id, customer_id)', loading);
        else
            execute regexp_replace(wanted.definition, '^CREATE INDEX \S+ ON ONLY \S+', format('create index on %I', loading));
        end if;
    end loop;
    perform set_config('maintenance_work_mem', memory, true);
    execute format('analyze %I', loading);
    for attempt in 1..120 loop
        begin
            -- past the deadlock_timeout of a second an autovacuum makes way
            perform set_config('lock_timeout', case when attempt = 120 then '0' when attempt % 4 = 0 then '1200ms'
                                                    else '250ms' end, true);
            execute format('lock table %I in access exclusive mode', parent);
            exit;
        exception when lock_not_available then
            perform pg_sleep(0.25);
        end;
    end loop;
    perform set_config('lock_timeout', patience, true);
    execute format('drop table if exists %I', own);
    if to_regclass(parent || '_default') is not null then
        execute format('delete from %I where org_id = %L', parent || '_default', org);
    end if;
    execute format('alter table %I rename to %I', loading, own);
    execute format('alter table %I attach partition %I for values in (%L)', parent, own, org);
end $$;

-- Four tables become partitioned; the view that joins them is made anew over them.
do $$
declare
    facts text := pg_get_viewdef('customer_facts'::regclass);
    name text;
begin
    drop view customer_facts;
    foreach name in array array['features', 'rfm_scores', 'churn_scores', 'value_scores'] loop
        execute format('alter table %I no force row level security', name);
        execute format('alter table %I rename constraint %I to %I', name, 'pk_' || name, 'pk_' || name || '_before');
        execute format('alter table %I rename to %I', name, name || '_before');
        execute format(
            'create table %I (like %I including defaults including constraints, constraint %I primary key (org_id, customer_id))'
            ' partition by list (org_id)', name, name || '_before', 'pk_' || name);
        execute format('create table %I partition of %I default', name || '_default', name);
        execute format('insert into %I select * from %I', name, name || '_before');
        execute format('drop table %I', name || '_before');
    end loop;
    execute 'create view customer_facts with (security_invoker = true) as ' || facts;
end $$;
