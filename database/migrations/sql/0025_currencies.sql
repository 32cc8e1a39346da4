-- Orders keep what was charged beside what it is worth in the organisation's currency. `currency` is null where the two
-- are the same. Without a rate `revenue` is null: the row is kept apart, and only who asks for such rows sees them.

alter table organisations add column assumed text[] not null default '{}';
alter table organisations alter column currency set default '';
update organisations set assumed = '{currency,time_zone}' where not is_demo;

alter table orders
    alter column revenue drop not null,
    add column tax numeric(18, 4),
    add column shipping numeric(18, 4),
    add column refunded numeric(18, 4),
    add column refunded_at timestamptz,
    add column refund_of text,
    add column currency text,
    add column charged numeric(18, 4),
    add column charged_discount numeric(18, 4),
    add column charged_tax numeric(18, 4),
    add column charged_shipping numeric(18, 4);
create index ix_orders_org_id_currency on orders (org_id, currency) where currency is not null;
create index ix_orders_org_id_refund_of on orders (org_id, refund_of) where refund_of is not null;

alter table order_items
    alter column revenue drop not null,
    add column currency text,
    add column charged numeric(18, 4),
    add column charged_price numeric(18, 4);
create index ix_order_items_org_id_currency on order_items (org_id, currency) where currency is not null;

create table exchange_rates (
    org_id uuid default nullif(current_setting('app.org_id', true), '')::uuid not null,
    currency text not null,
    base text not null,
    day date not null,
    rate numeric(24, 12) not null,
    constraint pk_exchange_rates primary key (org_id, currency, base, day),
    constraint ck_exchange_rates_rate check (rate > 0)
);
