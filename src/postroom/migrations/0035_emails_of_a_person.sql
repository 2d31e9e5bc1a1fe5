-- A person's emails, the newest first: searches for words in them look at these alone (`user:me harbour`).
create index emails_by_user on emails (organization_id, user_id, activity_at desc);
