-- The mail lists of the page: drafts, scheduled, outbox and sent, by whose they are.
create index emails_by_author on emails (organization_id, user_id, status, activity_at desc, id);
create index emails_not_gone on emails (organization_id, user_id, status) where status in ('draft', 'scheduled', 'outbox', 'error');
