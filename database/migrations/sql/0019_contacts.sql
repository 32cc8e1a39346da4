-- Addresses and consents by kind and channel, so that another channel is rows and not columns.
-- The collation makes keys cheap to compare; kind and channel come first because facts are read one kind at a time.
create table contact_points (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    kind text collate "C" not null,
    customer_id bigint not null,
    address text not null,
    constraint pk_contact_points primary key (org_id, kind, customer_id)
);
create table consents (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    channel text collate "C" not null,
    customer_id bigint not null,
    granted boolean not null,
    at timestamptz not null default now(),
    source text not null,
    constraint pk_consents primary key (org_id, channel, customer_id)
);

-- What is known of a customer's whereabouts goes with the customer.
create function forget_contacts() returns trigger language plpgsql set search_path = public as $$
begin
    delete from contact_points p using gone g where p.org_id = g.org_id and p.customer_id = g.id;
    delete from consents s using gone g where s.org_id = g.org_id and s.customer_id = g.id;
    return null;
end $$;

-- The view of everything known of a customer, with a column for the address of each kind, and consent_<channel> for each
-- channel. Those shown are noted in the view's comment: nothing happens where they are the ones asked for.
-- A join for each of them, rather than one that gathers: those nobody reads are left out by the planner, and the others
-- are looked up for one customer, or merged for a million, faster than groups are formed. They come last, beyond
-- join_collapse_limit, so that conditions on features still decide where to begin.
create function show_contacts(kinds text[], channels text[]) returns void
language plpgsql set search_path = public as $$
declare
    shown text := format('addresses: %s; consents: %s', array_to_string(kinds, ', '), array_to_string(channels, ', '));
    addresses text;
    agreed text;
    measured text;
    joins text;
begin
    if obj_description(to_regclass('customer_facts'), 'pg_class') = shown then
        return;
    end if;
    select coalesce(string_agg(format(', %I.address as %I', 'to_' || kind, kind), '' order by place), '')
    into addresses from unnest(kinds) with ordinality as k(kind, place);
    select coalesce(string_agg(format(', %I.granted as %I', 'agreed_' || channel, 'consent_' || channel), '' order by place), '')
    into agreed from unnest(channels) with ordinality as k(channel, place);
    select string_agg(format(', f.%I', attname), '' order by attnum) into measured
    from pg_attribute where attrelid = 'features'::regclass and attnum > 0 and not attisdropped
      and attname not in ('org_id', 'customer_id', 'as_of', 'computed_at');
    select string_agg(line, ' ' order by part, place) into joins from (
        select 1 as part, place, format(
            'left join contact_points %1$I on %1$I.org_id = c.org_id and %1$I.kind = %2$L and %1$I.customer_id = c.id',
            'to_' || kind, kind) as line
        from unnest(kinds) with ordinality as k(kind, place)
        union all
        select 2, place, format(
            'left join consents %1$I on %1$I.org_id = c.org_id and %1$I.channel = %2$L and %1$I.customer_id = c.id',
            'agreed_' || channel, channel)
        from unnest(channels) with ordinality as k(channel, place)) each_one;
    drop view if exists customer_facts;
    -- security_invoker: row-level security of the caller applies, not the owner's
    execute format($view$
        create view customer_facts with (security_invoker = true) as
        select
            c.org_id, c.id as customer_id, c.external_id, c.name%s, c.country, c.city, c.time_zone%s, c.created_at,
            f.as_of as features_as_of%s,
            r.recency_score, r.frequency_score, r.monetary_score, r.segment as rfm_segment,
            h.status as churn_status, h.p30 as churn_30, h.p60 as churn_60, h.p90 as churn_90, h.risk as churn_risk,
            h.limit_days as churn_limit_days, h.drivers as churn_drivers,
            v.p_alive, v.expected_orders_12m, v.clv_12m, v.clv_12m_low, v.clv_12m_high,
            v.next_purchase_at, v.next_purchase_low, v.next_purchase_high,
            g.cluster, g.cluster_confidence, g.discovered_group, g.discovered_confidence, g.behaviours
        from customers c
        left join features f on f.org_id = c.org_id and f.customer_id = c.id
        left join rfm_scores r on r.org_id = c.org_id and r.customer_id = c.id
        left join churn_scores h on h.org_id = c.org_id and h.customer_id = c.id
        left join value_scores v on v.org_id = c.org_id and v.customer_id = c.id
        left join customer_groups g on g.org_id = c.org_id and g.customer_id = c.id
        %s
    $view$, addresses, agreed, measured, coalesce(joins, ''));
    execute format('comment on view customer_facts is %L', shown);
    grant select on customer_facts to aima_app;
end $$;

-- As before, without gathering a million customers only to find that they are too many.
create or replace function note_customer_changes() returns trigger language plpgsql set search_path = public as $$
declare
    many boolean := (select count(*) > 1000 from (select from changed limit 1001) few);
begin
    if many then
        insert into customer_changes (org_id, customer_ids) select distinct org_id, null::bigint[] from changed;
    elsif tg_argv[0] = 'id' then
        insert into customer_changes (org_id, customer_ids) select org_id, array_agg(id) from changed group by org_id;
    else
        insert into customer_changes (org_id, customer_ids)
        select org_id, array_agg(customer_id) from changed group by org_id;
    end if;
    if many then
        delete from customer_changes where noted_at < now() - interval '1 day';
    end if;
    return null;
end $$;

-- The owner sees its tables' rows of all organisations while security is not forced upon it.
alter table customers no force row level security;
insert into contact_points (org_id, kind, customer_id, address)
select org_id, 'email', id, email from customers where email <> '' order by org_id, id;
insert into contact_points (org_id, kind, customer_id, address)
select org_id, 'phone', id, address
from customers, lateral (
    select regexp_replace(regexp_replace(phone, '[\s().\-/]', '', 'g'), '^00(?=[1-9])', '+') as address
) as written
where address <> '' order by org_id, id;
insert into consents (org_id, channel, customer_id, granted, source)
select org_id, 'email', id, consent_email, 'import' from customers where consent_email is not null order by org_id, id;
insert into consents (org_id, channel, customer_id, granted, source)
select org_id, 'sms', id, consent_sms, 'import' from customers where consent_sms is not null order by org_id, id;
select show_contacts(array['email', 'phone'], array['email', 'sms']);
alter table customers drop column email, drop column phone, drop column consent_email, drop column consent_sms;
alter table customers force row level security;
create trigger forget_contacts after delete on customers referencing old table as gone
    for each statement execute function forget_contacts();
