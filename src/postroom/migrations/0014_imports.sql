-- Imports of leads and contacts from CSV files, row by row, so that each can be told, resumed and undone.
create table imports (
  organization_id   text not null references organizations (id),
  id                text not null,
  user_id           text not null,
  filename          text not null,
  blob_ref          text not null,
  encoding          text not null,
  separator         text not null,
  has_header        boolean not null default true,
  heads             text[] not null,                      -- what stands over each column
  mapping           text[] not null,                      -- what each column is: rooms/imports/columns.py; '' is left out
  joined_by         text[] not null,                      -- email, domain, name: how a row's lead is found; none: never
  when_found        text not null check (when_found in ('join', 'skip')),
  status            text not null check (status in ('draft', 'checking', 'checked', 'running', 'done', 'undoing', 'undone', 'error')),
  error             text not null default '',
  n_rows            integer not null,
  reached           integer not null default 0,           -- rows done of what the status says
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id)
);
create index imports_newest on imports (organization_id, date_created desc);
create index imports_at_work on imports (organization_id, id) where status in ('checking', 'running', 'undoing');

create table import_rows (                                -- what became, or would become, of each row
  organization_id   text not null,
  import_id         text not null,
  number            integer not null,                     -- as a spreadsheet counts: the first line is 1
  outcome           text not null check (outcome in ('created', 'joined', 'skipped', 'failed', 'kept', 'undone')),
  reason            text not null default '',
  lead_id           text,
  contact_id        text,
  is_new_lead       boolean not null default false,
  is_new_contact    boolean not null default false,
  changes           jsonb not null default '{}',          -- of things that were there: {"lead": {"url": [before, after]}}
  date_created      timestamptz not null,
  primary key (organization_id, import_id, number),
  foreign key (organization_id, import_id) references imports (organization_id, id) on delete cascade
);
create index import_rows_by_lead on import_rows (organization_id, lead_id) where lead_id is not null;

-- By what rows find the lead that is there; contact_emails_by_domain stands in 0010_links.sql.
create index leads_by_lower_name on leads (organization_id, lower(name));
