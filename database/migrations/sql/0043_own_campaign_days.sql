-- What became of an organisation's own campaigns, day by day; null for campaigns of advertising platforms.
alter table campaign_daily
    add column sent bigint,
    add column delivered bigint,
    add column opened bigint,
    add column clicked bigint,
    add column bounced bigint,
    add column unsubscribed bigint,
    add column bought bigint,
    add column bought_revenue numeric(18, 4);
