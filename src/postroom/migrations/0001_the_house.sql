-- The house as first built. Every table of an organization leads its primary, unique and foreign keys with
-- organization_id, so that distributing by organization (Citus) is a matter of configuration. Ids come from the
-- application; there are no triggers and no volatile functions in updates.

-- ── users ───────────────────────────────────────────────────────────────────────────────────────────────────
create table organizations (
  id                text primary key,
  name              text not null,
  currency          text not null default 'USD',
  date_created      timestamptz not null,
  date_updated      timestamptz not null
);

create table users (
  organization_id   text not null references organizations (id),
  id                text not null,
  membership_id     text not null,
  email             text not null,
  email_key         text not null,                        -- comparison form of email
  first_name        text not null default '',
  last_name         text not null default '',
  title             text not null default '',
  phone             text not null default '',
  password_hash     text not null default '',             -- argon2id; empty: cannot sign in with a password
  role              text not null default 'user' check (role in ('admin', 'user', 'restricted')),
  timezone          text not null default 'UTC',
  is_active         boolean not null default true,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, email_key)
);
create index users_by_email on users (email_key);

create table sessions (
  organization_id   text not null,
  token_hash        bytea not null,                       -- SHA-256 of the cookie's secret
  user_id           text not null,
  user_agent        text not null default '',
  date_created      timestamptz not null,
  date_seen         timestamptz not null,
  date_expires      timestamptz not null,
  primary key (organization_id, token_hash),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index sessions_by_token on sessions (token_hash);

create table api_keys (
  organization_id   text not null,
  id                text not null,                        -- the part before the dot, also what is shown later
  user_id           text not null,
  name              text not null default '',
  secret_hash       bytea not null,
  date_created      timestamptz not null,
  date_used         timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index api_keys_by_id on api_keys (id);

create table sign_in_failures (                           -- throttles guessing; rows of the last hour only
  email_key         text not null,
  remote            text not null,
  date_created      timestamptz not null
);
create index sign_in_failures_by_email on sign_in_failures (email_key, date_created);

-- ── leads ───────────────────────────────────────────────────────────────────────────────────────────────────
create table lead_statuses (
  organization_id   text not null references organizations (id),
  id                text not null,
  label             text not null,
  position          integer not null,
  primary key (organization_id, id),
  unique (organization_id, label)
);

create table leads (
  organization_id   text not null references organizations (id),
  id                text not null,
  name              text not null default '',
  description       text not null default '',
  url               text not null default '',
  status_id         text not null,
  addresses         jsonb not null default '[]',
  custom            jsonb not null default '{}',
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  last_activity_at  timestamptz,                          -- newest email either way; kept as emails come
  num_emails        integer not null default 0,
  primary key (organization_id, id),
  foreign key (organization_id, status_id) references lead_statuses (organization_id, id)
);
create index leads_by_update on leads (organization_id, date_updated desc, id);
create index leads_by_activity on leads (organization_id, last_activity_at desc nulls last, id);

create table contacts (
  organization_id   text not null,
  id                text not null,
  lead_id           text not null,
  name              text not null default '',
  title             text not null default '',
  phones            jsonb not null default '[]',
  urls              jsonb not null default '[]',
  custom            jsonb not null default '{}',
  position          integer not null default 0,
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade
);
create index contacts_by_lead on contacts (organization_id, lead_id, position);

create table contact_emails (                             -- the address book: the hot index of every arriving email
  organization_id   text not null,
  contact_id        text not null,
  lead_id           text not null,
  address_key       text not null,                        -- comparison form
  address           text not null,                        -- as typed
  type              text not null default 'office',
  position          integer not null default 0,
  primary key (organization_id, contact_id, address_key),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create index contact_emails_by_address on contact_emails (organization_id, address_key) include (contact_id, lead_id);

-- ── accounts ────────────────────────────────────────────────────────────────────────────────────────────────
create table connected_accounts (
  organization_id   text not null references organizations (id),
  id                text not null,
  user_id           text,                                 -- null: a team's account
  type              text not null default 'custom_email',
  provider          text not null default 'custom',       -- a row of rooms/accounts/providers.py
  email             text not null,
  email_key         text not null,
  display_name      text not null default '',
  reply_to          text not null default '',
  is_default        boolean not null default false,
  is_active         boolean not null default true,
  is_deleted        boolean not null default false,       -- removed: credentials gone, its emails stay
  imap_host         text not null default '',             -- empty: sending only
  imap_port         integer not null default 993,
  imap_encryption   text not null default 'tls' check (imap_encryption in ('tls', 'starttls', 'none')),
  imap_user         text not null default '',
  imap_secret       bytea,                                -- sealed by the vault
  smtp_host         text not null default '',             -- empty: receiving only
  smtp_port         integer not null default 587,
  smtp_encryption   text not null default 'starttls' check (smtp_encryption in ('tls', 'starttls', 'none')),
  smtp_user         text not null default '',
  smtp_secret       bytea,
  sync_enabled      boolean not null default true,        -- what the owner wants
  send_enabled      boolean not null default true,
  receive_status    text not null default 'ok' check (receive_status in ('ok', 'error')),   -- what happened last
  receive_error     text not null default '',
  receive_remedy    text not null default '',
  send_status       text not null default 'ok' check (send_status in ('ok', 'error')),
  send_error        text not null default '',
  send_remedy       text not null default '',
  poll_seconds      integer not null default 60,          -- for folders and servers that cannot push
  sync_direction    text not null default 'both' check (sync_direction in ('both', 'incoming', 'outgoing')),
  history_from      timestamptz,                          -- null: all of the past
  auto_link         boolean not null default true,
  archive_sync      boolean not null default true,        -- Done moves the message, and the other way round
  read_sync         boolean not null default true,
  track_opens       boolean not null default false,
  track_clicks      boolean not null default false,
  files_own_sent    boolean not null default false,       -- the provider files the Sent copy by itself
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  date_connected    timestamptz not null,                 -- mail older than this is history
  last_pull_at      timestamptz,
  folders_read_at   timestamptz,
  retry_after       timestamptz,                          -- no IMAP login before this: the server asked, or we back off
  failures_in_row   integer not null default 0,
  send_retry_after  timestamptz,                          -- the same for SMTP: neither side delays the other
  send_failures_in_row integer not null default 0,
  server_can_push   boolean not null default false,
  primary key (organization_id, id)
);
create unique index connected_accounts_once on connected_accounts (organization_id, email_key) where not is_deleted;

create table account_identities (                         -- the address itself and its aliases
  organization_id   text not null,
  account_id        text not null,
  address_key       text not null,
  address           text not null,                        -- exact case, for sending
  name              text not null default '',
  position          integer not null default 0,
  primary key (organization_id, account_id, address_key),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);
create index account_identities_by_address on account_identities (organization_id, address_key);

create table exclude_patterns (                           -- account_id '' is the organization's own
  organization_id   text not null references organizations (id),
  account_id        text not null default '',
  pattern           text not null,
  date_created      timestamptz not null,
  primary key (organization_id, account_id, pattern)
);

-- ── mailbox ─────────────────────────────────────────────────────────────────────────────────────────────────
create table folders (
  organization_id   text not null,
  id                bigint not null generated always as identity,
  account_id        text not null,
  name              text not null,
  raw_name          bytea not null,                       -- what the server calls it
  delimiter         text,
  role              text not null default 'other',
  selectable        boolean not null default true,
  is_synced         boolean not null default false,
  is_gone           boolean not null default false,       -- no longer listed by the server
  uid_validity      bigint,
  highest_uid       bigint not null default 0,            -- all above are unseen: new mail
  lowest_uid        bigint not null default 0,            -- all below are unseen: history; 1 or 0 = read to the bottom
  highest_modseq    numeric(20, 0),
  exists_on_server  bigint not null default 0,
  is_rebuilding     boolean not null default false,       -- UIDVALIDITY changed; until all is seen again, absence says nothing
  seen_total        bigint not null default 0,            -- sightings, kept as they come
  seen_kept         bigint not null default 0,
  seen_failed       bigint not null default 0,
  rebuilds          integer not null default 0,           -- UIDVALIDITY changes in a row
  date_rebuilt      timestamptz,
  last_pull_at      timestamptz,
  error             text not null default '',
  primary key (organization_id, id),
  unique (organization_id, account_id, raw_name),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);

create table sightings (                                  -- the ledger: every message seen, and what became of it
  organization_id   text not null,
  folder_id         bigint not null,
  uid               bigint not null,
  verdict           smallint not null,                    -- rooms/mailbox/sightings.py, Verdict
  identity          bigint not null,                      -- keyed hash of the message's stable parts
  message_id_hash   bigint not null,
  subject_hash      bigint not null,
  address_hashes    bigint[] not null,                    -- keyed with the organization's own key
  date              timestamptz,
  size              integer not null,
  primary key (organization_id, folder_id, uid),
  foreign key (organization_id, folder_id) references folders (organization_id, id) on delete cascade
);
create index sightings_by_message_id on sightings (message_id_hash);  -- keyed hashes: no two organizations share one
create index sightings_by_address on sightings using gin (address_hashes);

create table failed_messages (                            -- the quarantine: why a sighting is 'failed', and when it is tried again
  organization_id   text not null,
  folder_id         bigint not null,
  uid               bigint not null,
  error             text not null,
  raw_ref           text,                                 -- its bytes, where there are any
  attempts          integer not null default 1,
  next_try_at       timestamptz not null,
  date_created      timestamptz not null,
  primary key (organization_id, folder_id, uid),
  foreign key (organization_id, folder_id, uid) references sightings (organization_id, folder_id, uid) on delete cascade
);

create table copies (                                     -- where a kept message lies: folder and UID
  organization_id   text not null,
  folder_id         bigint not null,
  uid               bigint not null,
  account_id        text not null,
  message_key       text not null,                        -- messages.id
  is_seen           boolean not null default false,
  is_deleted        boolean not null default false,       -- flagged \Deleted: shown nowhere, though the server still has it
  primary key (organization_id, folder_id, uid),
  foreign key (organization_id, folder_id, uid) references sightings (organization_id, folder_id, uid) on delete cascade
);
create index copies_by_message on copies (organization_id, message_key, account_id);

create table placements (                                 -- INBOX or not, and read or not: what was last agreed, ours, theirs
  organization_id   text not null,
  account_id        text not null,
  message_key       text not null,
  agreed_inbox      boolean not null,
  crm_inbox         boolean not null,
  mailbox_inbox     boolean not null,
  agreed_seen       boolean not null,
  crm_seen          boolean not null,
  mailbox_seen      boolean not null,
  needs_push        boolean not null default false,       -- the mailbox must follow
  next_try_at       timestamptz,
  attempts          integer not null default 0,
  error             text not null default '',
  primary key (organization_id, account_id, message_key),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);
create index placements_to_push on placements (organization_id, account_id) where needs_push;
create index placements_by_message on placements (organization_id, message_key);

create table backfills (                                  -- an address is new to the address book: find its past mail
  organization_id   text not null,
  account_id        text not null,
  address_hash      bigint not null,
  date_created      timestamptz not null,
  primary key (organization_id, account_id, address_hash),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);

create table pull_history (                               -- one row for each time something came or went
  organization_id   text not null,
  account_id        text not null,
  id                bigint not null generated always as identity,
  direction         text not null check (direction in ('incoming', 'outgoing', 'both')),
  seen              integer not null,
  kept              integer not null,
  failed            integer not null,
  error             text not null default '',
  date_created      timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);
create index pull_history_newest on pull_history (organization_id, account_id, id desc);

create table listen_leases (                              -- which listen process idles for which account
  organization_id   text not null,
  account_id        text not null,
  owner             text not null,
  fence             bigint not null,
  expires_at        timestamptz not null,
  primary key (organization_id, account_id)
);

-- ── emails ──────────────────────────────────────────────────────────────────────────────────────────────────
create table messages (                                   -- RFC 5322 bytes we hold, once for the organization
  organization_id   text not null references organizations (id),
  id                text not null,                        -- identity of the message, as text
  message_id        text not null default '',             -- as written, with angle brackets
  fingerprint       bytea not null default '',            -- of the decoded body
  raw_ref           text not null default '',             -- blob; '' when the raw bytes are not kept
  size              bigint not null default 0,
  date_created      timestamptz not null,
  primary key (organization_id, id)
);

create table erasures (                                   -- bytes of messages that no lead holds any more, to be made unreadable
  organization_id   text not null references organizations (id),
  raw_ref           text not null,
  date_created      timestamptz not null,
  primary key (organization_id, raw_ref)
);

create table email_threads (
  organization_id   text not null,
  id                text not null,
  lead_id           text not null,
  contact_id        text,
  normalized_subject text not null default '',
  n_emails          integer not null default 0,
  participants      jsonb not null default '[]',
  latest_at         timestamptz not null,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade
);
create index email_threads_by_lead on email_threads (organization_id, lead_id, latest_at desc, id);

create table thread_keys (                                -- every Message-ID named in a thread's emails, and what else ties it
  organization_id   text not null,
  lead_id           text not null,
  key               bigint not null,
  thread_id         text not null,
  primary key (organization_id, lead_id, key)
);
create index thread_keys_by_thread on thread_keys (organization_id, thread_id);

create table emails (
  organization_id   text not null,
  id                text not null,
  lead_id           text not null,
  contact_id        text,
  thread_id         text,
  message_key       text,                                 -- messages.id; null while it has never been sent
  user_id           text,
  users             text[] not null default '{}',
  account_id        text,
  status            text not null check (status in ('inbox', 'draft', 'scheduled', 'outbox', 'sent', 'error')),
  direction         text not null check (direction in ('incoming', 'outgoing')),
  sender            text not null default '',             -- "Name" <address>
  to_list           text[] not null default '{}',
  cc_list           text[] not null default '{}',
  bcc_list          text[] not null default '{}',
  subject           text not null default '',
  body_text         text not null default '',
  body_html         text not null default '',
  body_preview      text not null default '',
  attachments       jsonb not null default '[]',
  envelope          jsonb,
  message_ids       text[] not null default '{}',
  reference_ids     text[] not null default '{}',
  in_reply_to_id    text,
  has_reply         boolean not null default false,
  reason            smallint not null default 0,          -- why it stands on this lead: rooms/emails/relevance.py, Reason
  kind              smallint not null default 0,          -- person, automatic reply, bounce …: Kind
  template_id       text,
  followup_date     timestamptz,
  date_scheduled    timestamptz,
  date_sent         timestamptz,
  activity_at       timestamptz not null,
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade
);
create unique index emails_once_per_lead on emails (organization_id, lead_id, message_key) where message_key is not null;
create index emails_by_lead on emails (organization_id, lead_id, activity_at desc, id);
create index emails_by_message on emails (organization_id, message_key) where message_key is not null;
create index emails_by_thread on emails (organization_id, thread_id, activity_at desc);
create index emails_newest on emails (organization_id, date_created desc, id);
create index emails_to_follow_up on emails (followup_date) where followup_date is not null;

create table email_message_ids (                          -- ids a message is known by: some relays rewrite them
  organization_id   text not null,
  id_hash           bigint not null,
  email_id          text not null,
  primary key (organization_id, id_hash, email_id),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);
create index email_message_ids_by_email on email_message_ids (organization_id, email_id);

create table email_search (                               -- filled in batches, seconds after the email itself
  organization_id   text not null,
  email_id          text not null,
  words             tsvector not null,
  primary key (organization_id, email_id),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);
create index email_search_words on email_search using gin (words);

create table emails_to_index (
  organization_id   text not null,
  email_id          text not null,
  primary key (organization_id, email_id),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);

create table deleted_emails (                             -- deleted here stays deleted: a message that is not logged again
  organization_id   text not null,
  lead_id           text not null,
  message_key       text not null,
  date_created      timestamptz not null,
  primary key (organization_id, message_key, lead_id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade
);

create table deliveries (                                 -- an email on its way out: the truth that jobs point to
  organization_id   text not null,
  email_id          text not null,
  account_id        text not null,
  state             text not null check (state in ('waiting', 'sending', 'unknown', 'sent', 'failed')),
  priority          smallint not null default 0,          -- 0 personal, 1 sequence, 2 bulk
  due_at            timestamptz not null,
  attempts          integer not null default 0,
  message_id        text not null,                        -- fixed before the first byte goes out
  message_date      timestamptz,                          -- its Date, fixed at the first try: the copy in Sent is known by it
  claimed_at        timestamptz,
  handed_over       boolean not null default false,       -- from here on the server may have been told of it
  fence             bigint not null default 0,            -- a claim that was taken over cannot write its result
  recipients        text[] not null default '{}',         -- still to be delivered to
  later             text[] not null default '{}',         -- put off, for when an unknown outcome is settled
  refused           jsonb not null default '[]',
  log               jsonb not null default '[]',          -- one entry for each attempt, with the server's words
  error             text not null default '',
  date_sent         timestamptz,
  lookups           integer not null default 0,           -- times it was looked for in Sent
  next_lookup_at    timestamptz,
  copy_state        text not null default 'none' check (copy_state in ('none', 'wanted', 'filed', 'provider')),
  copy_attempts     integer not null default 0,
  copy_due_at       timestamptz,
  primary key (organization_id, email_id),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);
create index deliveries_due on deliveries (organization_id, account_id, priority, due_at) where state = 'waiting';
create index deliveries_all_due on deliveries (due_at) where state = 'waiting';
create index deliveries_open on deliveries (organization_id, account_id) where state in ('sending', 'unknown');
create index deliveries_to_file on deliveries (organization_id, account_id) where copy_state = 'wanted';
create index deliveries_filed on deliveries (organization_id, account_id) where copy_state = 'filed';

-- ── inbox, tasks, files ─────────────────────────────────────────────────────────────────────────────────────
create table inbox_items (                                -- one thread in one person's Inbox
  organization_id   text not null,
  id                text not null,
  account_id        text not null,
  user_id           text,
  lead_id           text not null,
  contact_id        text,
  thread_id         text not null,
  is_done           boolean not null default false,
  due_at            timestamptz not null,                 -- later than now: snoozed
  latest_at         timestamptz not null,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, account_id, thread_id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade
);
create index inbox_items_open on inbox_items (organization_id, user_id, due_at desc, id) where not is_done;
create index inbox_items_done on inbox_items (organization_id, user_id, date_updated desc, id) where is_done;

create table tasks (
  organization_id   text not null references organizations (id),
  id                text not null,
  kind              text not null default 'lead',
  lead_id           text not null,
  contact_id        text,
  object_id         text,
  assigned_to       text,
  text              text not null default '',
  due_at            timestamptz not null,
  is_complete       boolean not null default false,
  created_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade
);
create index tasks_open on tasks (organization_id, assigned_to, due_at) where not is_complete;
create index tasks_by_lead on tasks (organization_id, lead_id, due_at);

create table files (                                      -- uploads, before and after an email holds them
  organization_id   text not null references organizations (id),
  id                text not null,
  user_id           text,
  filename          text not null,
  content_type      text not null,
  size              bigint not null default 0,
  blob_ref          text not null default '',             -- '' until the bytes are there
  upload_hash       bytea not null default '',            -- of the one-time upload secret
  date_created      timestamptz not null,
  primary key (organization_id, id)
);

-- ── ground ──────────────────────────────────────────────────────────────────────────────────────────────────
create table events (                                     -- what happened: live page, event log, webhooks
  organization_id   text not null,
  seq               bigint not null generated always as identity,
  xid               xid8 not null default pg_current_xact_id(),  -- readers stay below the oldest open transaction
  object_type       text not null,
  object_id         text not null,
  action            text not null,
  lead_id           text,
  user_id           text,
  changed_fields    text[] not null default '{}',
  data              jsonb,
  previous_data     jsonb,
  date_created      timestamptz not null,
  primary key (organization_id, seq)
);
create index events_in_order on events (organization_id, xid, seq);
