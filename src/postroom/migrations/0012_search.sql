-- Full-text search of emails by words of our own (rooms/emails/search_tokens.py), and imports of leads from files.

create table search_progress (                            -- by which method an organization's emails are indexed
  organization_id   text not null references organizations (id),
  method            integer not null,                     -- search_tokens.METHOD
  reached           text not null default '',             -- the last email indexed by it; those behind it still wait
  is_done           boolean not null default false,
  primary key (organization_id)
);
