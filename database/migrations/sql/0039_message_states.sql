-- An event is of a message, or of an address that the provider names no message for (kept as a hash).
alter table message_events
    alter column message_id drop not null,
    add column provider text,
    add column event_id text,
    add column address_hash text,
    add column permanent boolean not null default false,
    add column machine boolean not null default false,
    add column url text,
    add constraint uq_message_events_org_id_provider_event_id unique (org_id, provider, event_id),
    add constraint ck_message_events_subject check (message_id is not null or address_hash is not null);
create index ix_message_events_org_id_address_hash on message_events (org_id, address_hash)
where address_hash is not null;

-- What the events of a message add up to, written by database/queries/events.py alone.
alter table messages
    add column delivery text,
    add column delivery_reason text,
    add column opened_at timestamptz,
    add column machine_opened_at timestamptz,
    add column clicked_at timestamptz,
    add constraint ck_messages_delivery check (delivery in (
        'accepted', 'deferred', 'failed', 'rejected', 'delivered', 'bounced', 'unsubscribed', 'complained'));
create index ix_messages_org_id_channel_address on messages (org_id, channel, lower(address))
where delivery is not null;

-- Calls whose signature leaves the body out: what it covers instead, and the one body it is good for.
create table webhook_nonces (
    org_id uuid default nullif(current_setting('app.org_id', true), '')::uuid not null,
    provider text not null,
    nonce text not null,
    body_hash text not null,
    at timestamptz default now() not null,
    constraint pk_webhook_nonces primary key (org_id, provider, nonce)
);
create index ix_webhook_nonces_org_id_at on webhook_nonces (org_id, at);
