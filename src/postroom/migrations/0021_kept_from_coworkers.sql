-- What a user may not know of, beyond the emails themselves: their events, tasks, comments, and how many there are.

create index emails_not_for_all on emails (organization_id, lead_id, coworkers_see, activity_at)
  where coworkers_see <> 'everything';

create table hidden_emails (                                  -- emails that are for `users` alone; kept when the email goes,
  organization_id   text not null,                            -- as long as an event speaks of it
  email_id          text not null,
  users             text[] not null default '{}',             -- as they were when the email was hidden
  date_created      timestamptz not null default now(),
  primary key (organization_id, email_id)
);
insert into hidden_emails (organization_id, email_id, users)
select organization_id, id, users from emails where coworkers_see = 'nothing';

-- Things that only `users` may know of. Whoever reads for one user leaves out those in which that user is not named.
create view kept_things as
select h.organization_id, h.email_id as object_id, coalesce(e.users, h.users) as users
from hidden_emails h left join emails e on e.organization_id = h.organization_id and e.id = h.email_id
union all
select t.organization_id, t.id, array(select unnest(e.users) from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id)
from email_threads t
where t.is_guarded and not exists (select 1 from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id and e.coworkers_see <> 'nothing')
union all
select i.organization_id, i.id, array_remove(i.user_id || array(select unnest(e.users) from emails e
  where e.organization_id = i.organization_id and e.thread_id = i.thread_id), null)
from inbox_items i join email_threads t on t.organization_id = i.organization_id and t.id = i.thread_id
where t.is_guarded and not exists (select 1 from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id and e.coworkers_see <> 'nothing')
union all
select c.organization_id, c.id, array_remove(c.created_by || array(select unnest(e.users) from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id), null)
from comments c
join comment_threads s on s.organization_id = c.organization_id and s.id = c.thread_id
join email_threads t on t.organization_id = s.organization_id and t.id = s.object_id
where t.is_guarded and not exists (select 1 from emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id and e.coworkers_see <> 'nothing')
union all
select k.organization_id, k.id, array_remove(k.assigned_to || coalesce(e.users, h.users), null)
from tasks k
join hidden_emails h on h.organization_id = k.organization_id and h.email_id = k.object_id
left join emails e on e.organization_id = h.organization_id and e.id = h.email_id
where k.kind = 'email_followup';

-- A conversation of which one sees a part: so many emails, of those people, until then.
create or replace view seen_threads as
select t.organization_id, t.id, t.lead_id, t.contact_id,
  case when not t.is_guarded or coalesce(current_setting('postroom.viewer', true), '') = '' or exists (select 1 from seen_emails e
    where e.organization_id = t.organization_id and e.thread_id = t.id and not e.is_veiled)
    then t.normalized_subject else '' end as normalized_subject,
  case when not t.is_guarded or coalesce(current_setting('postroom.viewer', true), '') = '' then t.n_emails
    else (select count(*)::integer from seen_emails e where e.organization_id = t.organization_id and e.thread_id = t.id)
    end as n_emails,
  case when not t.is_guarded or coalesce(current_setting('postroom.viewer', true), '') = '' then t.participants
    else (select coalesce(jsonb_agg(p.one), '[]') from jsonb_array_elements(t.participants) as p(one)
      where exists (select 1 from seen_emails e where e.organization_id = t.organization_id and e.thread_id = t.id
        and strpos(lower(concat_ws(' ', e.sender, array_to_string(e.to_list || e.cc_list || e.bcc_list, ' '))),
          lower(p.one ->> 'email')) > 0))
    end as participants,
  t.latest_at, t.date_created, t.date_updated, t.is_private, t.is_guarded,
  case when not t.is_guarded or coalesce(current_setting('postroom.viewer', true), '') = '' then t.latest_at
    else (select max(e.activity_at) from seen_emails e where e.organization_id = t.organization_id and e.thread_id = t.id)
    end as seen_until
from email_threads t
where not t.is_guarded or coalesce(current_setting('postroom.viewer', true), '') = '' or exists (select 1 from seen_emails e
  where e.organization_id = t.organization_id and e.thread_id = t.id);
