-- Whom an organisation's messages of a channel come from, and who carries them; what is null is the installation's.
create table channel_accounts (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    channel text not null,
    provider text,
    settings bytea,
    sender text,
    reply_to text,
    footer text,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    constraint pk_channel_accounts primary key (org_id, channel)
);
