-- Behavioural vectors of customers: cosine distance, approximate search by HNSW.
create table customer_vectors (
    org_id uuid not null default nullif(current_setting('app.org_id', true), '')::uuid,
    customer_id bigint not null,
    vector vector(128) not null,
    as_of timestamptz not null,
    model_run_id uuid not null,
    computed_at timestamptz not null default now(),
    constraint pk_customer_vectors primary key (org_id, customer_id)
);
create index ix_customer_vectors_vector on customer_vectors using hnsw (vector vector_cosine_ops);
