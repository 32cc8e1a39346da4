-- Conversations belong to an organisation and to one person of it: what the chat keeps (schema chat) is seen and
-- changed by that person alone, what the agent remembers (schema checkpoints) by that organisation.

-- The chat's tables: who is already named in them, by the address of their account.
alter table chat.users add column org_id uuid;
update chat.users c set org_id = u.org_id, "identifier" = u.email from public.users u where lower(u.email) = lower(c."identifier");
delete from chat.users where org_id is null;

alter table chat.threads add column org_id uuid;
update chat.threads t set org_id = u.org_id, "userIdentifier" = u."identifier"
from chat.users u where u."id" = t."userId" or (t."userId" is null and u."identifier" = t."userIdentifier");
delete from chat.threads where org_id is null;

alter table chat.steps add column org_id uuid;
update chat.steps s set org_id = t.org_id from chat.threads t where t."id" = s."threadId";

alter table chat.elements add column org_id uuid;
update chat.elements e set org_id = t.org_id from chat.threads t where t."id" = e."threadId";
delete from chat.elements where org_id is null;

alter table chat.feedbacks add column org_id uuid;
update chat.feedbacks f set org_id = s.org_id, "threadId" = s."threadId" from chat.steps s where s."id" = f."forId";
delete from chat.feedbacks where org_id is null;

alter table chat.contents add column org_id uuid, add column person text;
update chat.contents c set org_id = t.org_id, person = t."userIdentifier"
from chat.elements e join chat.threads t on t."id" = e."threadId" where e."objectKey" = c.object_key;
delete from chat.contents where org_id is null;
alter table chat.contents alter column person set default nullif(current_setting('app.person', true), '');
alter table chat.contents alter column person set not null;
create index on chat.contents (person);

-- Chainlit changes a thread by inserting it again without its person, "on conflict" with the row that is there.
alter table chat.threads alter column "userIdentifier" set default nullif(current_setting('app.person', true), '');

alter table chat.users drop constraint "users_identifier_key";
alter table chat.users add constraint "users_identifier_key" unique (org_id, "identifier");

-- Whether a thread, step, element or feedback of this id is there and not of whoever the transaction is bound to.
-- (The rows themselves are out of sight: the chat has to know whether an id is free or somebody else's.)
create function chat.is_of_another(kind text, wanted uuid) returns boolean
language plpgsql stable security definer set search_path = chat as $$
declare
    owner record;
begin
    if kind = 'thread' then
        select t.org_id, t."userIdentifier" as person into owner from threads t where t."id" = wanted;
    elsif kind = 'step' then
        select t.org_id, t."userIdentifier" as person into owner
        from steps s join threads t on t."id" = s."threadId" where s."id" = wanted;
    elsif kind = 'element' then
        select t.org_id, t."userIdentifier" as person into owner
        from elements e join threads t on t."id" = e."threadId" where e."id" = wanted;
    elsif kind = 'feedback' then
        select t.org_id, t."userIdentifier" as person into owner
        from feedbacks f join steps s on s."id" = f."forId" join threads t on t."id" = s."threadId"
        where f."id" = wanted;
    else
        raise exception 'no such kind: %', kind;
    end if;
    return found and (
        owner.org_id is distinct from nullif(current_setting('app.org_id', true), '')::uuid
        or owner.person is distinct from nullif(current_setting('app.person', true), '')
    );
end $$;

-- The agent's memory, as LangGraph's tables are at their tenth version (0 to 9). They are made here, and owned by the
-- owner of all others: whoever owns a table could lift its row-level security. The organisation is the first part of
-- the thread's name (agent/conversation.py), so no statement of the library has to know of it.
create table if not exists checkpoints.checkpoint_migrations (v integer primary key);
create table if not exists checkpoints.checkpoints (
    thread_id text not null,
    checkpoint_ns text not null default '',
    checkpoint_id text not null,
    parent_checkpoint_id text,
    type text,
    checkpoint jsonb not null,
    metadata jsonb not null default '{}',
    primary key (thread_id, checkpoint_ns, checkpoint_id)
);
create table if not exists checkpoints.checkpoint_blobs (
    thread_id text not null,
    checkpoint_ns text not null default '',
    channel text not null,
    version text not null,
    type text not null,
    blob bytea,
    primary key (thread_id, checkpoint_ns, channel, version)
);
create table if not exists checkpoints.checkpoint_writes (
    thread_id text not null,
    checkpoint_ns text not null default '',
    checkpoint_id text not null,
    task_id text not null,
    idx integer not null,
    channel text not null,
    type text,
    blob bytea not null,
    primary key (thread_id, checkpoint_ns, checkpoint_id, task_id, idx)
);
alter table checkpoints.checkpoint_blobs alter column blob drop not null;
alter table checkpoints.checkpoint_writes add column if not exists task_path text not null default '';
create index if not exists checkpoints_thread_id_idx on checkpoints.checkpoints (thread_id);
create index if not exists checkpoint_blobs_thread_id_idx on checkpoints.checkpoint_blobs (thread_id);
create index if not exists checkpoint_writes_thread_id_idx on checkpoints.checkpoint_writes (thread_id);
insert into checkpoints.checkpoint_migrations select generate_series(0, 9) on conflict do nothing;

do $$
declare
    name text;
begin
    foreach name in array array['checkpoints', 'checkpoint_blobs', 'checkpoint_writes'] loop
        execute format('delete from checkpoints.%I where thread_id !~ %L', name,
            '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:');
        execute format('alter table checkpoints.%I owner to current_user', name);
        execute format(
            'alter table checkpoints.%I add column org_id uuid not null'
            ' generated always as (cast(split_part(thread_id, '':'', 1) as uuid)) stored', name);
    end loop;
    alter table checkpoints.checkpoint_migrations owner to current_user;
end $$;
