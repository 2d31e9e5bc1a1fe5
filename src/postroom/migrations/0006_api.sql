-- The event log as the API shows it, webhooks, exports, integration links and bulk actions besides email.

-- ── events ──────────────────────────────────────────────────────────────────────────────────────────────────
alter table events
  add column id           text not null default '',       -- stays when a later change is merged into the event
  add column request_id   text,                           -- null: no request did it, but mail that came or a job
  add column api_key_id   text,
  add column meta         jsonb not null default '{}',
  add column date_updated timestamptz;
update events set id = 'ev_' || lpad(seq::text, 22, '0'), date_updated = date_created;
alter table events alter column date_updated set not null;
create unique index events_by_id on events (organization_id, id);
create index events_by_object on events (organization_id, object_id, seq desc);
create index events_by_lead on events (organization_id, lead_id, seq desc) where lead_id is not null;

create table event_marks (                                -- how far webhooks have read: what lies before is final
  organization_id   text not null references organizations (id),
  xid               xid8 not null,
  seq               bigint not null,
  primary key (organization_id)
);

-- ── webhooks ────────────────────────────────────────────────────────────────────────────────────────────────
create table webhooks (
  organization_id   text not null references organizations (id),
  id                text not null,
  url               text not null,
  events            jsonb not null,                       -- rooms/webhooks/webhook.py, Wanted
  status            text not null default 'active' check (status in ('active', 'paused')),
  verify_ssl        boolean not null default true,
  signature_key     bytea not null,                       -- sealed
  pause_reason      text not null default '',
  xid               xid8 not null,                        -- its place in the event log: all before is delivered
  seq               bigint not null,
  due_at            timestamptz not null,                 -- no try before this
  failures_in_row   integer not null default 0,
  failing_since     timestamptz,
  latest_error      text not null default '',
  date_delivered    timestamptz,
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id)
);
create index webhooks_due on webhooks (due_at) where status = 'active';

-- ── exports ─────────────────────────────────────────────────────────────────────────────────────────────────
create table exports (
  organization_id   text not null references organizations (id),
  id                text not null,
  user_id           text not null,
  kind              text not null,                        -- lead or opportunity: what the query finds
  wanted            jsonb not null,                       -- rooms/exports/export.py, Wanted
  status            text not null default 'created' check (status in ('created', 'started', 'in_progress', 'done', 'error')),
  n_docs            integer,
  n_docs_processed  integer not null default 0,
  blob_ref          text not null default '',
  size              bigint not null default 0,
  error             text not null default '',
  attempts          integer not null default 0,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id)
);
create index exports_waiting on exports (date_created) where status in ('created', 'started', 'in_progress');

-- ── integration links ───────────────────────────────────────────────────────────────────────────────────────
create table integration_links (
  organization_id   text not null references organizations (id),
  id                text not null,
  name              text not null,
  type              text not null,
  url               text not null,                        -- with variables in double braces
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id)
);

-- ── bulk actions ────────────────────────────────────────────────────────────────────────────────────────────
create table bulk_actions (                               -- edit and delete; bulk email has its own table
  organization_id   text not null references organizations (id),
  id                text not null,
  user_id           text not null,
  kind              text not null check (kind in ('edit', 'delete')),
  wanted            jsonb not null,                       -- rooms/bulk_actions/bulk_action.py
  status            text not null default 'created' check (status in ('created', 'processing', 'paused', 'done', 'error')),
  n_objects         integer,
  n_objects_processed integer not null default 0,
  after_id          text not null default '',             -- ids up to here are done
  error             text not null default '',
  attempts          integer not null default 0,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id)
);
create index bulk_actions_waiting on bulk_actions (date_created) where status in ('created', 'processing');
