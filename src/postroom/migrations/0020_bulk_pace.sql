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

-- Recipients whose email may have been sent have a reason of their own, so that a person can decide about them.
update bulk_recipients r set reason = 'in_doubt' from deliveries d
where d.organization_id = r.organization_id and d.email_id = r.email_id and r.state = 'failed' and d.state = 'failed'
  and d.log -> -1 ->> 'outcome' = 'unknown';
create index bulk_recipients_aside on bulk_recipients (organization_id, bulk_id, state, reason)
  where state in ('skipped', 'unknown', 'failed');
