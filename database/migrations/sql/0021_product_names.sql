-- Names of products, filled from the lines there are. Lines without a price are bookings of stock: their texts
-- ("damaged", "check") name nobody's product.
create table product_names (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    sku text not null,
    name text not null,
    lines bigint not null default 0,
    last_at timestamptz,
    chosen boolean not null default false,
    constraint pk_product_names primary key (org_id, sku, name)
);

alter table order_items no force row level security;
alter table products no force row level security;

insert into product_names (org_id, sku, name, lines, last_at)
select org_id, sku, description, count(*), max(ordered_at) from order_items
where description is not null and unit_price <> 0 group by org_id, sku, description;

-- A product that bears a name of its lines was named by them, and so is one without a name.
with best as (
    select distinct on (org_id, sku) org_id, sku, name from product_names
    order by org_id, sku, lines desc, last_at desc, name
), own as (
    select p.org_id, p.sku from products p
    where p.name is null or exists (
        select from order_items i where i.org_id = p.org_id and i.sku = p.sku and i.description = p.name)
), named as (
    update products p set name = b.name from best b join own using (org_id, sku)
    where p.org_id = b.org_id and p.sku = b.sku and p.name is distinct from b.name
)
update product_names n set chosen = true from best b join own using (org_id, sku)
where n.org_id = b.org_id and n.sku = b.sku and n.name = b.name;

alter table order_items force row level security;
alter table products force row level security;
