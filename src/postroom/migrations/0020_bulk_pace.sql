-- Bulk email goes to each mailbox provider at a pace of its own: whose server an email is for, and who asked for less.
alter table deliveries add column domain text not null default '';  -- of bulk email: rooms/accounts/domain_pace.py, host_of

create table domain_paces (                               -- a mailbox provider that put our emails off for being too many
  organization_id   text not null,
  account_id        text not null,
  domain            text not null,                        -- as in deliveries
  per_minute        real not null,
  reason            text not null default '',             -- the server's words
  date_changed      timestamptz not null,
  primary key (organization_id, account_id, domain),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);
