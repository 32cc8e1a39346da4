-- Partitions, and the three questions that must be answered before an organisation is known.
-- All run with the owner's rights; the application's role may call them and nothing more.

create function ensure_month_partitions(parent text, from_at timestamptz, to_at timestamptz) returns integer
language plpgsql security definer set search_path = public as $$
declare
    month timestamptz := date_trunc('month', from_at at time zone 'UTC') at time zone 'UTC';
    name text;
    made integer := 0;
begin
    if parent not in ('orders', 'events') then
        raise exception 'not a table partitioned by month: %', parent;
    end if;
    if to_at - from_at > interval '200 years' then
        raise exception 'more than 200 years of partitions asked for: % to %', from_at, to_at;
    end if;
    perform pg_advisory_xact_lock(hashtext('partitions of ' || parent));
    while month <= to_at loop
        name := format('%s_%s', parent, to_char(month at time zone 'UTC', 'YYYYMM'));
        if to_regclass(name) is null then
            execute format(
                'create table %I partition of %I for values from (%L) to (%L)',
                name, parent, month, (month at time zone 'UTC' + interval '1 month') at time zone 'UTC');
            made := made + 1;
        end if;
        month := (month at time zone 'UTC' + interval '1 month') at time zone 'UTC';
    end loop;
    return made;
end $$;

create function login_by_email(wanted text)
returns table (id uuid, org_id uuid, email text, name text, role text, password_hash text)
language sql stable security definer set search_path = public as $$
    select u.id, u.org_id, u.email, u.name, u.role, u.password_hash
    from users u where lower(u.email) = lower(wanted) and u.disabled_at is null
$$;

create function login_by_key(wanted text)
returns table (id uuid, org_id uuid, user_id uuid, name text, role text, scopes text[])
language sql stable security definer set search_path = public as $$
    select k.id, k.org_id, k.user_id, k.name, u.role, k.scopes
    from api_keys k join users u on u.org_id = k.org_id and u.id = k.user_id
    where k.key_hash = wanted and k.revoked_at is null and u.disabled_at is null
      and (k.expires_at is null or k.expires_at > now())
$$;

create function organisations_served() returns table (id uuid, slug text)
language sql stable security definer set search_path = public as $$
    select o.id, o.slug from organisations o order by o.created_at
$$;
