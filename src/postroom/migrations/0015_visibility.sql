-- Emails and threads as one user may see them. Views of the program read these; the tables themselves are for its work.
--
-- The session setting postroom.viewer names the user for whom is read; '' is the program itself. What coworkers see of an
-- email (everything, metadata, nothing) does not concern those whose mailboxes hold it (users).

alter table email_threads add column is_guarded boolean not null default false;   -- an email in it is not for everybody

create view seen_emails as
select e.organization_id,
  e.id,
  e.lead_id,
  e.contact_id,
  e.thread_id,
  e.message_key,
  e.user_id,
  e.users,
  e.account_id,
  e.status,
  e.direction,
  e.sender,
  e.to_list,
  e.cc_list,
  e.bcc_list,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or current_setting('postroom.viewer', true) = any (e.users) then e.subject else '' end as subject,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or current_setting('postroom.viewer', true) = any (e.users) then e.body_text else '' end as body_text,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or current_setting('postroom.viewer', true) = any (e.users) then e.body_html else '' end as body_html,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or current_setting('postroom.viewer', true) = any (e.users) then e.body_preview else '' end as body_preview,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or current_setting('postroom.viewer', true) = any (e.users) then e.attachments else '[]'::jsonb end as attachments,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or current_setting('postroom.viewer', true) = any (e.users) then e.envelope else null::jsonb end as envelope,
  e.message_ids,
  e.reference_ids,
  e.in_reply_to_id,
  e.has_reply,
  e.reason,
  e.kind,
  e.template_id,
  e.followup_date,
  e.date_scheduled,
  e.date_sent,
  e.activity_at,
  e.created_by,
  e.updated_by,
  e.date_created,
  e.date_updated,
  e.bulk_email_id,
  e.coworkers_see,
  not (e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users)) as is_veiled
from emails e
where e.coworkers_see <> 'nothing' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users);

create view seen_threads as
select t.organization_id, t.id, t.lead_id, t.contact_id,
  case when not t.is_guarded or coalesce(current_setting('postroom.viewer', true), '') = '' or exists (select 1 from seen_emails e
    where e.organization_id = t.organization_id and e.thread_id = t.id and not e.is_veiled)
    then t.normalized_subject else '' end as normalized_subject,
  t.n_emails, t.participants, t.latest_at, t.date_created, t.date_updated, t.is_private, t.is_guarded
from email_threads t
where not t.is_guarded or coalesce(current_setting('postroom.viewer', true), '') = '' or exists (select 1 from seen_emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id);
