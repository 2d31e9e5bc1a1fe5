-- Bounces of emails that another program sent and whose copy has not been read from Sent yet. Nothing of them can be
-- read here: Message-ID and address are keyed hashes. Kept for some days.
create table early_reports (
  organization_id   text not null references organizations (id),
  id_hash           bigint not null,                      -- of the Message-ID of the email that they are about
  report_key        text not null,                        -- the report's identity: it may lie in two mailboxes
  address_hash      bigint not null,                      -- whom it did not reach; of '' where nobody is named
  kind              text not null check (kind in ('hard', 'soft', 'delayed', 'complaint')),
  status            text not null default '',             -- enhanced code (RFC 3463) such as 5.1.1
  date_reported     timestamptz not null,
  primary key (organization_id, id_hash, report_key, address_hash)
);
create index early_reports_by_date on early_reports (date_reported);
