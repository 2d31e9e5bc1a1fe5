-- Who asked for an export is told by email that it is done.
alter table exports add column done_email text not null default 'none' check (done_email in ('none', 'due', 'sent'));
create index exports_to_tell on exports (date_updated) where done_email = 'due';
