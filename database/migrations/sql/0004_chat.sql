-- The chat's history in the form its screen's data layer expects (Chainlit's documented schema, with the columns its
-- statements use beyond it), and the contents of charts, tables and files shown in it.
create schema chat;

create table chat.users (
    "id" uuid primary key,
    "identifier" text not null unique,
    "metadata" jsonb not null,
    "createdAt" text
);

create table chat.threads (
    "id" uuid primary key,
    "createdAt" text,
    "name" text,
    "userId" uuid references chat.users ("id") on delete cascade,
    "userIdentifier" text,
    "tags" text[],
    "metadata" jsonb
);
create index on chat.threads ("userId");

create table chat.steps (
    "id" uuid primary key,
    "name" text not null,
    "type" text not null,
    "threadId" uuid not null references chat.threads ("id") on delete cascade,
    "parentId" uuid,
    "command" text,
    "modes" jsonb,
    "streaming" boolean not null,
    "waitForAnswer" boolean,
    "isError" boolean,
    "metadata" jsonb,
    "tags" text[],
    "input" text,
    "output" text,
    "createdAt" text,
    "start" text,
    "end" text,
    "generation" jsonb,
    "showInput" text,
    "language" text,
    "defaultOpen" boolean,
    "autoCollapse" boolean,
    "icon" text
);
create index on chat.steps ("threadId");

create table chat.elements (
    "id" uuid primary key,
    "threadId" uuid references chat.threads ("id") on delete cascade,
    "type" text,
    "url" text,
    "chainlitKey" text,
    "name" text not null,
    "display" text,
    "objectKey" text,
    "size" text,
    "page" integer,
    "language" text,
    "autoPlay" boolean,
    "playerConfig" jsonb,
    "forId" uuid,
    "mime" text,
    "props" jsonb
);
create index on chat.elements ("threadId");

create table chat.feedbacks (
    "id" uuid primary key,
    "forId" uuid not null,
    "threadId" uuid references chat.threads ("id") on delete cascade,
    "value" integer not null,
    "comment" text
);
create index on chat.feedbacks ("forId");

create table chat.contents (
    object_key text primary key,
    mime text not null,
    data bytea not null,
    created_at timestamptz not null default now()
);
