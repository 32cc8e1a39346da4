-- What a campaign offers. A row never changes but for being withdrawn: what was approved stays what it was.
create table offers (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    name text not null,
    kind text not null,
    value numeric(18, 4),
    item text,
    minimum numeric(18, 4),
    codes text not null default 'none',
    code text,
    prefix text,
    budget numeric(18, 4),
    valid_from timestamptz,
    valid_until timestamptz,
    created_by text not null,
    created_at timestamptz not null default now(),
    replaces uuid,
    withdrawn_at timestamptz,
    withdrawn_by text,
    constraint pk_offers primary key (org_id, id),
    constraint ck_offers_kind check (kind in ('percent', 'amount', 'free_item', 'cashback', 'points')),
    constraint ck_offers_codes check (codes in ('none', 'shared', 'unique') and (codes = 'shared') = (code is not null)),
    constraint ck_offers_value check (
        value > 0 and (kind <> 'percent' or value <= 100) or value is null and kind = 'free_item'),
    constraint ck_offers_item check ((kind = 'free_item') = (item is not null))
);
create unique index uq_offers_org_id_name on offers (org_id, lower(name)) where withdrawn_at is null;

-- Voucher codes, compared without regard to case. One that is taken is never free again.
create table offer_codes (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    code_key text collate "C" not null,
    code text not null,
    offer_id uuid not null,
    source text not null,
    taken_at timestamptz,
    created_at timestamptz not null default now(),
    constraint pk_offer_codes primary key (org_id, code_key),
    constraint ck_offer_codes_source check (source in ('generated', 'imported'))
);
create index ix_offer_codes_org_id_offer_id on offer_codes (org_id, offer_id) where taken_at is null;

-- Whose code is whose: one for each customer and campaign, and no code for two.
create table code_assignments (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    campaign_id text not null,
    customer_id bigint not null,
    code_key text collate "C" not null,
    assigned_at timestamptz not null default now(),
    constraint pk_code_assignments primary key (org_id, campaign_id, customer_id),
    constraint uq_code_assignments_org_id_code_key unique (org_id, code_key)
);

create function keep_taken() returns trigger language plpgsql as $$
begin
    raise exception 'a code that was given to somebody is not free again' using errcode = 'check_violation';
end $$;
create trigger keep_taken before update of taken_at on offer_codes for each row
when (old.taken_at is not null and new.taken_at is distinct from old.taken_at) execute function keep_taken();

-- The code an order was made with, as its shop tells it.
alter table orders add column voucher_code text;
create index ix_orders_org_id_voucher_code on orders (org_id, upper(voucher_code)) where voucher_code is not null;
