-- Links and pixels of emails that go out, until when somebody is away who let a machine answer, and bounces that anybody
-- could have written.
alter table emails
  add column track_opens boolean,       -- null until it is queued: as its account says
  add column track_clicks boolean,
  add column returns_on date;           -- of an automatic reply: the day it gives
alter table bulk_emails
  add column track_opens boolean not null default false,
  add column track_clicks boolean not null default false;
alter table bounces
  add column is_proven boolean not null default true;   -- it named the email, not its address alone

create or replace view seen_emails as
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
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with) then e.subject else '' end as subject,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with) then e.body_text else '' end as body_text,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with) then e.body_html else '' end as body_html,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with) then e.body_preview else '' end as body_preview,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with) then e.attachments else '[]'::jsonb end as attachments,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with) then e.envelope else null::jsonb end as envelope,
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
  not (e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with)) as is_veiled,
  e.shared_with,
  e.track_opens,
  e.track_clicks,
  case when e.coworkers_see = 'everything' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with) then e.returns_on else null::date end as returns_on
from emails e
where e.coworkers_see <> 'nothing' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with);
