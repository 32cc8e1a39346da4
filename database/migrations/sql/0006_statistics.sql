-- After a large load the planner must know the new rows at once; ANALYZE is the owner's to run.

create function refresh_statistics(name text) returns void
language plpgsql security definer set search_path = public set default_statistics_target = 25 as $$
begin
    if not exists (select from pg_attribute a where a.attrelid = to_regclass(quote_ident(name)) and a.attname = 'org_id') then
        raise exception 'not a table of an organisation: %', name;
    end if;
    execute format('analyze %I', name);
end $$;
