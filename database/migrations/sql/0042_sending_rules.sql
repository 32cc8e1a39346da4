-- When an organisation's messages go out, how many a person gets, and whether links are followed; no row: no rules.
create table sending_rules (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    quiet_from time,
    quiet_until time,
    most_messages integer,
    most_days integer,
    follows boolean not null default false,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    constraint pk_sending_rules primary key (org_id),
    constraint ck_sending_rules_quiet check (
        (quiet_from is null) = (quiet_until is null) and quiet_from is distinct from coalesce(quiet_until, '24:00')),
    constraint ck_sending_rules_most check (
        (most_messages is null) = (most_days is null) and most_messages between 1 and 1000 and most_days between 1 and 365)
);

-- Messages a customer has had lately, or may have: for the frequency cap.
create index ix_messages_org_id_customer_id on messages (org_id, customer_id)
where status in ('claimed', 'handing_over', 'sent', 'unknown');
