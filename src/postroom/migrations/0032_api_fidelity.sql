-- What programs written for Close say of a task beside its text, and of an email that they log: when it was opened.

alter table tasks
  add column priority text not null default 'medium' check (priority in ('medium', 'high')),
  add column resolution text not null default '' check (resolution in ('', 'abandoned', 'skipped')),
  add column updated_by text;

create table email_opens (                                -- as a program said when it logged the email
  organization_id   text not null,
  email_id          text not null,
  position          integer not null,
  opened_at         timestamptz not null,
  opened_by         text not null default '',
  ip_address        text not null default '',
  user_agent        text not null default '',
  primary key (organization_id, email_id, position),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);
