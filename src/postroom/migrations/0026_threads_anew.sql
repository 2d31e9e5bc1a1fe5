-- A thread whose last email had been deleted left its keys behind: a later answer joined the thread that was no more.
-- What stands in no thread gets it anew; keys that lead nowhere go.
insert into email_threads (organization_id, id, lead_id, contact_id, n_emails, participants, latest_at, date_created,
  date_updated, is_guarded)
select e.organization_id, e.thread_id, min(e.lead_id), min(e.contact_id), count(*),
  jsonb_agg(distinct jsonb_build_object('email', e.sender, 'name', '')), max(e.activity_at), min(e.date_created),
  max(e.date_updated), bool_or(e.coworkers_see <> 'everything')
from emails e
where e.thread_id is not null and not exists (
  select 1 from email_threads t where t.organization_id = e.organization_id and t.id = e.thread_id)
group by e.organization_id, e.thread_id;

delete from thread_keys k where not exists (
  select 1 from email_threads t where t.organization_id = k.organization_id and t.id = k.thread_id);
