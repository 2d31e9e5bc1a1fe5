-- A conversation that a person put on another lead: what follows it goes there too, and it can be put back as it was.

create table thread_moves (
  organization_id   text not null,
  thread_id         text not null,
  from_lead_id      text not null,                            -- where it stood at first
  contacts          jsonb not null default '{}',              -- by email: the contact it was with there
  user_id           text,
  date_created      timestamptz not null,
  primary key (organization_id, thread_id),
  foreign key (organization_id, thread_id) references email_threads (organization_id, id) on delete cascade,
  foreign key (organization_id, from_lead_id) references leads (organization_id, id) on delete cascade
);
create index thread_moves_by_lead on thread_moves (organization_id, from_lead_id);
