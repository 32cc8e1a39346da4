-- Certificates of people who were erased, and keyed hashes of what they went by. Nothing here can be read back.
create table erasures (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    erased_by text not null,
    door text not null,
    erased_at timestamptz not null default now(),
    places jsonb not null,
    kept jsonb not null,
    elsewhere jsonb not null,
    constraint pk_erasures primary key (org_id, id)
);

create table erasure_marks (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    hash text collate "C" not null,
    channel text not null default '',
    reason text,
    erasure_id uuid not null,
    constraint pk_erasure_marks primary key (org_id, hash, channel)
);

-- The pattern as an expression of PostgreSQL; what it finds becomes "[erased]", in every text of a document.
create function without_words(said text, pattern text) returns text
language sql immutable as $$ select regexp_replace(said, pattern, '[erased]', 'gi') $$;

create function without_words(said jsonb, pattern text) returns jsonb language plpgsql immutable as $$
begin
    case jsonb_typeof(said)
        when 'string' then
            return to_jsonb(without_words(said #>> '{}', pattern));
        when 'array' then
            return (
                select coalesce(jsonb_agg(without_words(e.value, pattern) order by e.n), '[]')
                from jsonb_array_elements(said) with ordinality as e (value, n)
            );
        when 'object' then
            return (
                select coalesce(jsonb_object_agg(without_words(e.key, pattern), without_words(e.value, pattern)), '{}')
                from jsonb_each(said) as e
            );
        else
            return said;
    end case;
end $$;

create function without_words(said text[], pattern text) returns text[] language sql immutable as $$
    select array_agg(without_words(e.value, pattern) order by e.n) from unnest(said) with ordinality as e (value, n)
$$;

-- Whether a text holds what the pattern finds. Most hold none of the needles (patterns of LIKE, in small letters) and
-- none of the rows of digits, and are told so in a twentieth of the time that the pattern takes.
create function names_person(said text, needles text[], digits text[], pattern text) returns boolean
language plpgsql immutable parallel safe as $$
begin
    return (lower(said) like any (needles) or translate(said, '-() ./', '') like any (digits)) and said ~* pattern;
end $$;

-- Some tables take new rows only (the audit log, decisions, events of messages). An erasure may take words out of any
-- row, and rows of a customer, of a message or of a hashed address away; it can write nothing. The owner of the tables may
-- be a superuser, for whom there is no row-level security: each statement says whose rows it means.
create function erase_whose() returns uuid language sql stable as $$
    select nullif(current_setting('app.org_id', true), '')::uuid
$$;

create function erase_words(changed text, columns text[], needles text[], digits text[], pattern text) returns bigint
language plpgsql security definer set search_path = public as $$
declare
    found bigint;
    said text;
    sets text;
begin
    if length(pattern) < 4 then
        raise exception 'too short to look for: %', pattern;
    end if;
    perform erase_checked(changed);
    select string_agg(format('%I::text', c), ', '), string_agg(format('%1$I = without_words(%1$I, $1)', c), ', ')
    into said, sets from unnest(columns) c;
    execute format(
        'update %I set %s where org_id = $2 and names_person(concat_ws(E''\n'', %s), $3, $4, $1)', changed, sets, said
    ) using pattern, erase_whose(), needles, digits;
    get diagnostics found = row_count;
    return found;
end $$;

create function erase_rows(changed text, by_column text, ids text[]) returns bigint
language plpgsql security definer set search_path = public as $$
declare
    found bigint;
    kind text;
begin
    if by_column not in ('customer_id', 'message_id', 'address_hash') then
        raise exception 'rows are not erased by %', by_column;
    end if;
    perform erase_checked(changed);
    select format_type(a.atttypid, null) into strict kind from pg_attribute a
    where a.attrelid = to_regclass(quote_ident(changed)) and a.attname = by_column;
    execute format('delete from %I where org_id = $2 and %I = any(cast($1 as %s[]))', changed, by_column, kind)
    using ids, erase_whose();
    get diagnostics found = row_count;
    return found;
end $$;

create function erase_checked(changed text) returns void language plpgsql set search_path = public as $$
begin
    if not exists (
        select from pg_attribute a where a.attrelid = to_regclass(quote_ident(changed)) and a.attname = 'org_id'
    ) then
        raise exception 'not a table of an organisation: %', changed;
    end if;
end $$;

-- A proposal without somebody: its list of customers shorter, its texts without the words. A decision stands for what
-- is left: the hash of the new content takes the place of the old in both, where they were equal before.
create function erase_from_proposal(proposal uuid, customer bigint, pattern text, drop_sample boolean)
returns table (title text, payload jsonb)
language plpgsql security definer set search_path = public as $$
begin
    return query
    update proposals p set
        title = without_words(p.title, pattern),
        payload = without_words(
            case when drop_sample then p.payload || '{"sample": null}' else p.payload end
            || jsonb_build_object('customers', (
                select coalesce(jsonb_agg(c.id order by c.n), '[]')
                from jsonb_array_elements(p.payload -> 'customers') with ordinality as c (id, n)
                where c.id <> to_jsonb(customer)
            )), pattern)
    where p.id = proposal and p.org_id = erase_whose()
    returning p.title, p.payload;
end $$;

create function rehash_proposal(proposal uuid, old_hash text, new_hash text) returns void
language plpgsql security definer set search_path = public as $$
begin
    update approvals a set content_hash = new_hash from proposals p
    where p.id = proposal and p.org_id = erase_whose() and a.org_id = p.org_id and a.proposal_id = p.id
        and a.content_hash = old_hash and p.content_hash = old_hash;
    update proposals p set content_hash = new_hash
    where p.id = proposal and p.org_id = erase_whose() and p.content_hash = old_hash;
end $$;

-- The planner's statistics hold samples of what tables held: of those that an erasure changed they are made anew.
create function erase_statistics(changed text) returns void
language plpgsql security definer set search_path = public as $$
begin
    if not exists (
        select from pg_attribute a where a.attrelid = to_regclass(changed) and a.attname = 'org_id'
    ) then
        raise exception 'not a table of an organisation: %', changed;
    end if;
    execute format('analyze %s', to_regclass(changed));
end $$;
