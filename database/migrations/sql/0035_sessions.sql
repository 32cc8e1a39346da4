-- Who is signed in, by the hash of what their browser holds; and how often a login has just been tried in vain.
create table login_sessions (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    token_hash text not null,
    source text not null,
    device text,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_because text,
    constraint pk_login_sessions primary key (org_id, id),
    constraint uq_login_sessions_token_hash unique (token_hash)
);
create index ix_login_sessions_org_id_user_id on login_sessions (org_id, user_id);

alter table api_keys add column last_used_at timestamptz;

drop function login_by_key(text);
create function login_by_key(wanted text)
returns table (
    id uuid, org_id uuid, user_id uuid, name text, role text, scopes text[], last_used_at timestamptz
)
language sql stable security definer set search_path = public as $$
    select k.id, k.org_id, k.user_id, k.name, u.role, k.scopes, k.last_used_at
    from api_keys k join users u on u.org_id = k.org_id and u.id = k.user_id
    where k.key_hash = wanted and k.revoked_at is null and u.disabled_at is null
      and (k.expires_at is null or k.expires_at > now())
$$;

create function login_by_session(wanted text, idle interval)
returns table (
    session_id uuid, seen_at timestamptz,
    id uuid, org_id uuid, email text, name text, role text, password_hash text
)
language sql stable security definer set search_path = public as $$
    select s.id, s.seen_at, u.id, u.org_id, u.email, u.name, u.role, u.password_hash
    from login_sessions s join users u on u.org_id = s.org_id and u.id = s.user_id
    where s.token_hash = wanted and s.ended_at is null and u.disabled_at is null
      and s.expires_at > now() and s.seen_at > now() - idle
$$;

-- One row for what tries are counted by: somebody's address from one place, a place, an address from anywhere. The
-- names are hashes: an address that nobody has is a secret of whoever mistyped it. Only the functions below read or
-- write it; the application's role has no right to it.
create table login_tries (
    name text primary key,
    failures integer not null default 0,
    tried_at timestamptz not null default now(),
    closed_until timestamptz,
    succeeded_at timestamptz
);
create index ix_login_tries_tried_at on login_tries (tried_at);
alter table login_tries enable row level security;
alter table login_tries force row level security;

-- Counts one more try under `wanted` and gives 0, or the seconds to wait where it must not be made: after `free` tries
-- in vain each one closes the name for twice as long as the one before, `longest` seconds at most. An hour after it is
-- open again the count begins anew. Tries are counted before they are made, so that many at once are many.
create function count_login_try(wanted text, free integer, longest integer) returns integer
language plpgsql security definer set search_path = public as $$
declare
    found login_tries%rowtype;
    pause integer;
begin
    insert into login_tries (name) values (wanted) on conflict (name) do nothing;
    select * into found from login_tries t where t.name = wanted for update;
    if found.closed_until > clock_timestamp() then
        return ceil(extract(epoch from found.closed_until - clock_timestamp()));
    end if;
    if greatest(found.closed_until, found.tried_at) < clock_timestamp() - interval '1 hour' then
        found.failures := 0;
    end if;
    pause := case
        when found.failures + 1 < free then 0
        else least(longest, power(2, least(found.failures + 1 - free, 20)))
    end;
    update login_tries t
    set failures = found.failures + 1, tried_at = clock_timestamp(),
        closed_until = case when pause > 0 then clock_timestamp() + make_interval(secs => pause) end
    where t.name = wanted;
    return 0;
end $$;

-- Whether somebody has logged in under this name (address and place) within the last 30 days.
create function login_is_known(wanted text) returns boolean
language sql stable security definer set search_path = public as $$
    select coalesce((select succeeded_at > now() - interval '30 days' from login_tries where name = wanted), false)
$$;

-- The try just counted under `wanted` was none in vain. `known`: remember the place as this person's own.
create function login_succeeded(wanted text, known boolean) returns void
language sql security definer set search_path = public as $$
    delete from login_tries
    where tried_at < now() - interval '1 day' and coalesce(succeeded_at, tried_at) < now() - interval '30 days';
    update login_tries
    set failures = case when known then 0 else greatest(failures - 1, 0) end, closed_until = null,
        succeeded_at = case when known then now() else succeeded_at end
    where name = wanted
$$;
