-- Bulk email: a batch, and one row for each person it concerns, whether mailed or passed over.
create table bulk_emails (
  organization_id   text not null references organizations (id),
  id                text not null,
  user_id           text not null,                        -- who sends it, and for whom `me` stands in the query
  account_id        text not null,
  sender            text not null,                        -- "Name" <address>
  object_type       text not null default 'lead',         -- what the query finds
  query             text,                                 -- in the text language …
  s_query           jsonb,                                -- … or structured
  sort              jsonb not null default '[]',
  results_limit     integer,
  contact_preference text not null check (contact_preference in ('lead', 'contact', 'all')),
  contact_query     text not null default '',             -- only contacts that this finds
  leaves_out_repeats boolean not null default false,      -- passes over leads that had the template before
  leaves_out_gaps   boolean not null default false,       -- passes over those for whom a variable is empty
  template_id       text not null,
  subject           text not null,                        -- the template as it was when the batch was started
  body              text not null,
  cc_list           text[] not null default '{}',
  bcc_list          text[] not null default '{}',
  attachments       jsonb not null default '[]',
  send_done_email   boolean not null default true,
  status            text not null check (status in
                      ('created', 'loading', 'processing', 'paused', 'resuming', 'done', 'cancelled', 'error')),
  cause             text not null default '',             -- why it is paused: rooms/bulk/bulk_email.py, Cause
  error             text not null default '',             -- the same for a person, with what to do
  resumes_at        timestamptz,                          -- when it goes on by itself; null: a person decides
  n_leads           integer,                              -- null until the query has been walked
  n_leads_processed integer not null default 0,
  n_objects         integer,
  n_queued          integer not null default 0,
  n_sending         integer not null default 0,           -- with the sending server, put off or unknown
  n_sent            integer not null default 0,
  n_failed          integer not null default 0,
  n_skipped         integer not null default 0,
  n_cancelled       integer not null default 0,
  n_refused_in_row  integer not null default 0,           -- contents refused one after the other
  last_turn_at      timestamptz,                          -- batches of one account take turns
  judged_sent       integer not null default 0,           -- counts when a person last let it go on: judged from there
  judged_failed     integer not null default 0,
  done_report       text not null default 'none' check (done_report in ('none', 'due', 'sent')),
  error_report      text not null default 'none' check (error_report in ('none', 'due', 'sent')),
  date_started      timestamptz,                          -- of the sending
  date_finished     timestamptz,
  created_by        text not null,
  updated_by        text not null,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id)
);
create index bulk_emails_newest on bulk_emails (organization_id, date_created desc, id);
create index bulk_emails_by_account on bulk_emails (organization_id, account_id)
  where status in ('created', 'loading', 'processing', 'paused', 'resuming');
create index bulk_emails_at_work on bulk_emails (status) where status in ('created', 'loading', 'processing', 'paused', 'resuming');
create index bulk_emails_to_report on bulk_emails (date_updated) where done_report = 'due' or error_report = 'due';

create table bulk_recipients (                            -- the ledger: nobody is left out, nobody is in it twice
  organization_id   text not null,
  bulk_id           text not null,
  lead_id           text not null,
  contact_id        text not null,                        -- '' for a lead that has nobody to write to
  address           text not null,                        -- as typed; '' where there is none
  address_key       text,                                 -- comparison form; null for who is passed over as a double
  number            integer not null,                     -- the order of the query
  lead_number       integer not null,
  state             text not null check (state in
                      ('queued', 'sending', 'unknown', 'sent', 'failed', 'skipped', 'cancelled')),
  reason            text not null default '',             -- of skipped and failed: rooms/bulk/bulk_email.py, Skip
  detail            text not null default '',             -- the server's words, or what is missing
  email_id          text,
  date_updated      timestamptz not null,
  primary key (organization_id, bulk_id, lead_id, contact_id, address),
  foreign key (organization_id, bulk_id) references bulk_emails (organization_id, id) on delete cascade
);
create unique index bulk_recipients_once on bulk_recipients (organization_id, bulk_id, address_key);
create index bulk_recipients_in_order on bulk_recipients (organization_id, bulk_id, number);
create index bulk_recipients_queued on bulk_recipients (organization_id, bulk_id, number) where state = 'queued';
create index bulk_recipients_open on bulk_recipients (organization_id, bulk_id) where state in ('sending', 'unknown');
create index bulk_recipients_by_email on bulk_recipients (organization_id, email_id) where email_id is not null;

alter table emails add column bulk_email_id text;
alter table deliveries add column bulk_email_id text;     -- null: a person's, or a sequence's
alter table deliveries add column is_held boolean not null default false;  -- its batch is paused
drop index deliveries_due;
create index deliveries_due on deliveries (organization_id, account_id, priority, due_at)
  where state = 'waiting' and not is_held;
drop index deliveries_all_due;
create index deliveries_all_due on deliveries (due_at) where state = 'waiting' and not is_held;
create index deliveries_of_bulk on deliveries (organization_id, bulk_email_id)
  where bulk_email_id is not null and state in ('waiting', 'sending', 'unknown');
create index deliveries_by_time on deliveries (organization_id, account_id, claimed_at) where claimed_at is not null;
create index emails_of_bulk on emails (organization_id, bulk_email_id) where bulk_email_id is not null;

-- A server that asked an account to slow down: how many emails a minute it gets until it takes more again.
create table send_paces (
  organization_id   text not null,
  account_id        text not null,
  per_minute        real not null,
  reason            text not null default '',
  date_changed      timestamptz not null,
  primary key (organization_id, account_id),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);
