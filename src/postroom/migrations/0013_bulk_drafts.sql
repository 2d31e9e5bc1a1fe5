-- A bulk email before it is started: walked into the ledger like any other, so that its confirm screen counts and
-- lists exactly what would be sent. Drafts that nobody starts are removed after a day.
alter table bulk_emails drop constraint bulk_emails_status_check;
alter table bulk_emails add constraint bulk_emails_status_check check (status in
  ('draft', 'created', 'loading', 'processing', 'paused', 'resuming', 'done', 'cancelled', 'error'));
create index bulk_emails_drafts on bulk_emails (date_created) where status = 'draft';
