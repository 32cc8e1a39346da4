-- Where people of an organisation are told that something waits for them in AIMA, and what they were told of.
create table notice_targets (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    service text not null,
    settings bytea not null,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    constraint pk_notice_targets primary key (org_id, service)
);

create table notices (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    service text not null,
    about text not null,
    subject uuid not null,
    status text not null default 'pending',
    attempts integer not null default 0,
    due_at timestamptz not null,
    reason text,
    constraint pk_notices primary key (org_id, service, about, subject),
    constraint ck_notices_about check (about in ('approval', 'alert')),
    constraint ck_notices_status check (status in ('pending', 'sent', 'failed'))
);
create index ix_notices_due on notices (org_id, due_at) where status = 'pending';
