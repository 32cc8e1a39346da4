-- A first load of months that do not exist yet: rows go into partitions without indexes, which get their indexes in
-- one pass and become partitions of the table at the end. All within the caller's transaction; nothing is visible to
-- others before it commits. The caller writes the rows itself, as the application's role, held by row-level security.

create function begin_first_load(parent text, from_at timestamptz, to_at timestamptz) returns setof timestamptz
language plpgsql security definer set search_path = public as $$
declare
    month timestamptz := date_trunc('month', from_at at time zone 'UTC') at time zone 'UTC';
    next_month timestamptz;
    loading text := format('loading_%s_%s', parent, pg_backend_pid());
    at_column text := case parent when 'orders' then 'ordered_at' when 'events' then 'occurred_at' end;
begin
    if at_column is null then
        raise exception 'not a table partitioned by month: %', parent;
    end if;
    if to_at - from_at > interval '200 years' then
        raise exception 'more than 200 years of partitions asked for: % to %', from_at, to_at;
    end if;
    perform pg_advisory_xact_lock(hashtext('partitions of ' || parent));
    execute format('drop table if exists %I', loading);
    execute format('create table %I (like %I including defaults) partition by range (%I)', loading, parent, at_column);
    execute format('alter table %I enable row level security, force row level security', loading);
    execute format(
        'create policy own_organisation on %I using (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)'
        ' with check (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)', loading);
    execute format('grant insert on %I to aima_app', loading);
    while month <= to_at loop
        next_month := (month at time zone 'UTC' + interval '1 month') at time zone 'UTC';
        if to_regclass(format('%s_%s', parent, to_char(month at time zone 'UTC', 'YYYYMM'))) is null then
            execute format(
                'create table %I partition of %I for values from (%L) to (%L)',
                format('%s_%s', loading, to_char(month at time zone 'UTC', 'YYYYMM')), loading, month, next_month);
            return next month;
        end if;
        month := next_month;
    end loop;
end $$;

create function end_first_load(parent text) returns integer
language plpgsql security definer set search_path = public set maintenance_work_mem = '256MB' as $$
declare
    loading text := format('loading_%s_%s', parent, pg_backend_pid());
    part record;
    month timestamptz;
    done integer := 0;
begin
    if parent not in ('orders', 'events') then
        raise exception 'not a table partitioned by month: %', parent;
    end if;
    for part in select c.oid::regclass as id, right(c.relname, 6) as year_month
                from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent = to_regclass(loading) order by 2 loop
        month := to_timestamp(part.year_month, 'YYYYMM')::timestamp at time zone 'UTC';
        execute format('alter table %I detach partition %s', loading, part.id);
        execute format('alter table %s rename to %I', part.id, format('%s_%s', parent, part.year_month));
        execute format(
            'alter table %I attach partition %I for values from (%L) to (%L)',
            parent, format('%s_%s', parent, part.year_month),
            month, (month at time zone 'UTC' + interval '1 month') at time zone 'UTC');
        done := done + 1;
    end loop;
    execute format('drop table %I', loading);
    return done;
end $$;
