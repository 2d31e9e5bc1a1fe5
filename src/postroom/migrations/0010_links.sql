-- Which mail is linked to which lead and why, what coworkers see of it, aliases with proof, Send As, alerts.

alter table connected_accounts
  add column link_by_name   boolean not null default false,   -- propose by a contact's name and a second sign
  add column link_by_domain boolean not null default false,   -- propose by the domain of a lead's company
  add column coworkers_see  text not null default 'everything' check (coworkers_see in ('everything', 'metadata', 'nothing'));

alter table account_identities                                -- 'pending' is used for nothing until it is proven
  add column proof text not null default 'own' check (proof in ('own', 'domain', 'code', 'server', 'pending'));

create table alias_codes (                                    -- a code that was mailed to an alias
  organization_id   text not null,
  account_id        text not null,
  address_key       text not null,
  code_hash         bytea not null,
  attempts          integer not null default 0,
  date_expires      timestamptz not null,
  primary key (organization_id, account_id, address_key),
  foreign key (organization_id, account_id, address_key)
    references account_identities (organization_id, account_id, address_key) on delete cascade
);

create table send_as (                                        -- a user lets another send from their accounts
  organization_id   text not null,
  id                text not null,
  allowing_user_id  text not null,
  allowed_user_id   text not null,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, allowing_user_id, allowed_user_id),
  foreign key (organization_id, allowing_user_id) references users (organization_id, id) on delete cascade,
  foreign key (organization_id, allowed_user_id) references users (organization_id, id) on delete cascade
);

create table account_alerts (                                 -- somebody was told that this side broke; gone once it works
  organization_id   text not null,
  account_id        text not null,
  side              text not null check (side in ('receive', 'send')),
  date_created      timestamptz not null,
  primary key (organization_id, account_id, side),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);

create table link_proposals (                                 -- mail that may concern a lead, until a person has decided
  organization_id   text not null,
  id                text not null,
  account_id        text not null,
  folder_id         bigint not null,
  uid               bigint not null,
  identity          bigint not null,                          -- the sighting's: the same message in another folder
  lead_id           text not null,
  contact_id        text,
  reason            smallint not null,                        -- rooms/emails/relevance.py, Reason
  sender_hash       bigint not null,                          -- whose address it hangs on, keyed
  shown             bytea not null,                           -- sealed: sender, subject, what speaks for it
  date              timestamptz,
  date_created      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, account_id, identity, lead_id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade,
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);
create index link_proposals_by_sender on link_proposals (organization_id, account_id, sender_hash);

create table link_decisions (                                 -- what was decided, so that it is not asked or made again
  organization_id   text not null,
  account_id        text not null,
  kind              text not null check (kind in ('message', 'sender')),
  key               bigint not null,                          -- identity of the message, or keyed hash of the address
  lead_id           text not null,
  contact_id        text,
  is_accepted       boolean not null,
  reason            smallint not null,
  user_id           text,
  date_created      timestamptz not null,
  primary key (organization_id, account_id, kind, key, lead_id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade,
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);

create table rejudgements (                                   -- sightings of this verdict are to be judged anew
  organization_id   text not null,
  account_id        text not null,
  verdict           smallint not null,
  folder_id         bigint not null default 0,                -- done: all folders below this id …
  below_uid         bigint not null default 0,                -- … and of this one all from this UID upwards; 0: none yet
  date_created      timestamptz not null,
  primary key (organization_id, account_id, verdict),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);

alter table emails                                            -- what coworkers whose mailboxes do not hold it see
  add column coworkers_see text not null default 'everything' check (coworkers_see in ('everything', 'metadata', 'nothing'));
alter table email_threads
  add column is_private boolean not null default false;

create table email_readings (                                 -- coworkers who opened an email that is not in their mailbox
  organization_id   text not null,
  email_id          text not null,
  user_id           text not null,
  date_created      timestamptz not null,
  primary key (organization_id, email_id, user_id),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);

create index contacts_by_name on contacts (organization_id, lower(name)) where name <> '';
create index contact_emails_by_domain on contact_emails (organization_id, split_part(address_key, '@', 2));
