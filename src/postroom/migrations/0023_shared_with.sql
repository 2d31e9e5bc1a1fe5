-- A private conversation may be shared with chosen coworkers; what was decided about a sender can be shown and taken back.

alter table email_threads add column shared_with text[] not null default '{}';  -- of a private one: who may read it besides
alter table emails add column shared_with text[] not null default '{}';         -- the same, as its thread has it
alter table link_decisions add column shown bytea not null default '';          -- sealed: whose address, of which mail

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
  e.shared_with
from emails e
where e.coworkers_see <> 'nothing' or coalesce(current_setting('postroom.viewer', true), '') = '' or coalesce(current_setting('postroom.viewer', true), '') = any (e.users || e.shared_with);

create or replace view kept_things as
select h.organization_id, h.email_id as object_id, coalesce(e.users || e.shared_with, h.users) as users
from hidden_emails h left join emails e on e.organization_id = h.organization_id and e.id = h.email_id
union all
select t.organization_id, t.id, array(select unnest(e.users || e.shared_with) from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id)
from email_threads t
where t.is_guarded and not exists (select 1 from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id and e.coworkers_see <> 'nothing')
union all
select i.organization_id, i.id, array_remove(i.user_id || array(select unnest(e.users || e.shared_with) from emails e
  where e.organization_id = i.organization_id and e.thread_id = i.thread_id), null)
from inbox_items i join email_threads t on t.organization_id = i.organization_id and t.id = i.thread_id
where t.is_guarded and not exists (select 1 from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id and e.coworkers_see <> 'nothing')
union all
select c.organization_id, c.id, array_remove(c.created_by || array(select unnest(e.users || e.shared_with) from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id), null)
from comments c
join comment_threads s on s.organization_id = c.organization_id and s.id = c.thread_id
join email_threads t on t.organization_id = s.organization_id and t.id = s.object_id
where t.is_guarded and not exists (select 1 from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id and e.coworkers_see <> 'nothing')
union all
select k.organization_id, k.id, array_remove(k.assigned_to || coalesce(e.users || e.shared_with, h.users), null)
from tasks k
join hidden_emails h on h.organization_id = k.organization_id and h.email_id = k.object_id
left join emails e on e.organization_id = h.organization_id and e.id = h.email_id
where k.kind = 'email_followup';
