-- Who began a bulk edit or delete is told by email that it is done: due with the row that says so, sent once.
alter table bulk_actions add column done_email text not null default 'none' check (done_email in ('none', 'due', 'sent'));
create index bulk_actions_to_tell on bulk_actions (date_updated) where done_email = 'due';
