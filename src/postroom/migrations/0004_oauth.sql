-- OAuth 2: what an organization registered at a provider, sign-ins under way, and what users have granted.
create table oauth_clients (
  organization_id   text not null references organizations (id),
  provider          text not null,                        -- google, microsoft, or a name of one's own
  client_id         text not null,
  client_secret     bytea,                                -- sealed; null: a public client
  settings          jsonb not null default '{}',          -- rooms/accounts/oauth.py, ClientSettings
  date_updated      timestamptz not null,
  primary key (organization_id, provider)
);

create table oauth_sign_ins (                             -- from leaving for the provider until coming back
  organization_id   text not null references organizations (id),
  state_hash        bytea not null,
  session_hash      bytea not null,                       -- the browser session that may come back with it
  user_id           text not null,
  provider          text not null,
  features          text[] not null,
  account_id        text,                                 -- null: connects an account, else reconnects this one
  verifier          bytea not null,                       -- PKCE, sealed
  nonce             text not null,
  date_expires      timestamptz not null,
  primary key (organization_id, state_hash)
);

create table oauth_grants (
  organization_id   text not null,
  account_id        text not null,
  provider          text not null,
  email             text not null,                        -- whom the provider says has signed in
  features          text[] not null,
  scopes            text[] not null,
  access_token      bytea not null,                       -- sealed
  access_expires    timestamptz not null,
  refresh_after     timestamptz not null,
  refresh_token     bytea,                                -- sealed; the newest that was given
  version           bigint not null default 1,            -- grows with every access token
  consent           bigint not null default 1,            -- grows with every sign-in
  refused_version   bigint,                               -- the access token that a mail server refused last
  refreshing_until  timestamptz,                          -- one refresher at a time; a dead one's claim runs out
  date_updated      timestamptz not null,
  primary key (organization_id, account_id),
  foreign key (organization_id, account_id) references connected_accounts (organization_id, id) on delete cascade
);
