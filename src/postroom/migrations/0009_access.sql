-- Access: roles of an organization's own, groups, links that let somebody in, the second factor, what browsers are
-- signed in, and the log of sensitive acts. Secrets are hashed where they are only compared, sealed where they are read.

alter table organizations
  add column requires_two_factor boolean not null default false;

create table roles (                                      -- the organization's own; the built-in ones stand in roles.py
  organization_id   text not null references organizations (id),
  id                text not null,
  name              text not null,
  permissions       text[] not null,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, name)
);

alter table users drop constraint users_role_check;
alter table users
  add constraint users_role_check check (role in ('admin', 'superuser', 'user', 'restricted')),
  add column custom_role_id text,                         -- its permissions count; role is then what is nearest to it
  add column preferences jsonb not null default '{}',
  add column date_joined timestamptz,                     -- first signed in; null: invited, not yet come
  add constraint users_custom_role foreign key (organization_id, custom_role_id) references roles (organization_id, id);
update users set date_joined = date_created where password_hash <> '';
create unique index users_by_membership on users (organization_id, membership_id);

alter table sessions
  add column id text not null default '',                 -- how the page names it: the token's hash stays inside
  add column remote text not null default '',             -- the address it was last used from
  add column date_confirmed timestamptz;                  -- the password was last given
update sessions set id = 'sess_' || encode(sha256(token_hash), 'hex'), date_confirmed = date_created;
create unique index sessions_by_id on sessions (organization_id, id);

create table groups (
  organization_id   text not null references organizations (id),
  id                text not null,
  name              text not null,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, name)
);

create table group_members (
  organization_id   text not null,
  group_id          text not null,
  user_id           text not null,
  primary key (organization_id, group_id, user_id),
  foreign key (organization_id, group_id) references groups (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index group_members_by_user on group_members (organization_id, user_id);

create table access_links (                               -- invitations, and links to choose a new password
  organization_id   text not null,
  id                text not null,
  purpose           text not null check (purpose in ('invitation', 'password_reset')),
  user_id           text not null,
  token_hash        bytea not null,                       -- SHA-256 of what stands in the link
  sealed_token      bytea,                                -- only until the mail with it is out
  mail_account_id   text,                                 -- the account that mails it; null: it is only shown
  mail_attempts     integer not null default 0,
  mail_due_at       timestamptz,                          -- when it is tried again
  mail_error        text not null default '',
  created_by        text,                                 -- null: the person who forgot a password, or the operator
  date_created      timestamptz not null,
  date_mailed       timestamptz,
  date_expires      timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index access_links_by_token on access_links (token_hash);
create index access_links_by_user on access_links (organization_id, user_id);
create index access_links_to_mail on access_links (organization_id, mail_account_id) where sealed_token is not null;

create table second_factors (                             -- TOTP, RFC 6238
  organization_id   text not null,
  user_id           text not null,
  sealed_secret     bytea not null,
  last_step         bigint not null default 0,            -- no code of this half minute or an earlier one counts again
  date_created      timestamptz not null,
  date_confirmed    timestamptz,                          -- null: being enrolled
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);

create table recovery_codes (
  organization_id   text not null,
  user_id           text not null,
  code_hash         bytea not null,                       -- SHA-256 of 80 random bits; deleted when used
  primary key (organization_id, user_id, code_hash),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);

create table sign_in_steps (                              -- the password was right, the code is still asked for
  organization_id   text not null,
  token_hash        bytea not null,
  user_id           text not null,
  attempts          integer not null default 0,
  date_expires      timestamptz not null,
  primary key (organization_id, token_hash),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index sign_in_steps_by_token on sign_in_steps (token_hash);

create table known_browsers (                             -- have signed in before: others' guessing does not shut them out
  organization_id   text not null,
  token_hash        bytea not null,
  user_id           text not null,
  date_used         timestamptz not null,
  primary key (organization_id, token_hash),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index known_browsers_by_token on known_browsers (token_hash);
create index known_browsers_by_user on known_browsers (organization_id, user_id);

alter table sign_in_failures
  add column browser bytea;                               -- of a browser known to this user; counted for itself
create index sign_in_failures_by_remote on sign_in_failures (remote, date_created);

create table access_log (
  organization_id   text not null references organizations (id),
  id                text not null,
  act               text not null,                        -- a word of rooms/users/access_log.py
  user_id           text,                                 -- who did it; null: nobody signed in, or the operator
  subject_id        text,                                 -- the user it was done to
  api_key_id        text,
  remote            text not null default '',
  user_agent        text not null default '',
  detail            jsonb not null default '{}',
  date_created      timestamptz not null,
  primary key (organization_id, id)
);
create index access_log_by_date on access_log (organization_id, date_created desc, id desc);
create index access_log_by_subject on access_log (organization_id, subject_id, date_created desc);
