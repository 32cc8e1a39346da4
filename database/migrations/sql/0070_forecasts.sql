create table forecasts (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    metric text not null,
    filters text not null,
    start_day date not null,
    end_day date not null,
    known_until date not null,
    so_far numeric(18, 4) not null,
    expected numeric(18, 4) not null,
    low numeric(18, 4) not null,
    high numeric(18, 4) not null,
    champion text not null,
    made_at timestamptz not null default now(),
    constraint pk_forecasts primary key (org_id, metric, filters, start_day, end_day, known_until),
    constraint ck_forecasts_days check (start_day <= end_day and known_until < end_day)
);
create table targets (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    metric text not null,
    start_day date not null,
    end_day date not null,
    amount numeric(18, 4) not null,
    set_by text not null,
    set_at timestamptz not null default now(),
    constraint pk_targets primary key (org_id, metric, start_day, end_day),
    constraint ck_targets_sense check (start_day <= end_day and amount > 0)
);
