-- Addresses that get no bulk email and why; bounces; what the unsubscribe link says; DKIM keys of sending domains.
create table suppressions (                               -- one row for each reason that an address has
  organization_id   text not null references organizations (id),
  address_key       text not null,                        -- comparison form
  kind              text not null
                    check (kind in ('unsubscribed', 'complaint', 'hard_bounce', 'soft_bounce', 'manual')),
  address           text not null,                        -- as it was written
  reason            text not null default '',             -- the server's or the person's words
  source            text not null,                        -- how we know: rooms/suppression/suppression.py, Source
  email_id          text,                                 -- the email of ours that it came from; may be gone
  created_by        text,
  date_created      timestamptz not null,
  primary key (organization_id, address_key, kind)
);
create index suppressions_newest on suppressions (organization_id, date_created desc, address_key, kind);

create table suppression_log (                            -- what was added and removed, by whom; never changed
  organization_id   text not null references organizations (id),
  id                text not null,
  address_key       text not null,
  address           text not null,
  kind              text not null,
  action            text not null check (action in ('added', 'removed')),
  reason            text not null default '',
  source            text not null,
  email_id          text,
  user_id           text,
  date_created      timestamptz not null,
  primary key (organization_id, id)
);
create index suppression_log_by_address on suppression_log (organization_id, address_key, date_created);

create table bounces (                                    -- whom an email of ours did not reach, once for each report
  organization_id   text not null,
  email_id          text not null,
  address_key       text not null,
  report_key        text not null,                        -- the report's identity: it may lie in two mailboxes
  address           text not null,
  kind              text not null check (kind in ('hard', 'soft', 'delayed', 'complaint')),
  status            text not null default '',             -- enhanced code (RFC 3463) such as 5.1.1
  reason            text not null default '',
  date_created      timestamptz not null,
  primary key (organization_id, email_id, address_key, report_key),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);
create index bounces_by_address on bounces (organization_id, address_key, date_created);

create table unsubscribe_settings (                       -- no row: the defaults of rooms/suppression/suppression.py
  organization_id   text not null references organizations (id),
  mode              text not null check (mode in ('off', 'on', 'required')),
  updated_by        text,
  date_updated      timestamptz not null,
  primary key (organization_id)
);

create table dkim_keys (                                  -- keys that we sign a domain's mail with
  organization_id   text not null references organizations (id),
  domain            text not null,                        -- A-labels, lower case
  selector          text not null,
  algorithm         text not null check (algorithm in ('rsa', 'ed25519')),
  sealed            bytea not null,                       -- the private key, PKCS #8
  public_key        text not null,                        -- as it stands after p= in the DNS record
  is_on             boolean not null default false,       -- signs; switched on when the record stands in DNS
  created_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, domain, selector)
);
