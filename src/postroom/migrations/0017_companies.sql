-- What companies set up: roles that see some leads only, and Smart Views with their own columns and order.
--
-- Schema `bounded` (ground/viewer.py): for each table and view that hangs on leads one of the same name, over the leads
-- that the session's reader is assigned to. It is made anew after every migration, so a new table is in it by itself.

alter table roles
  add column visibility_field_ids text[] not null default '{}',   -- custom fields of leads that hold users
  add column sees_unassigned boolean not null default false;      -- also leads on which none of them holds anybody

create index leads_by_custom on leads using gin (custom);

create function make_bounded_views() returns void language plpgsql as $$
declare
  home text := current_schema();
  relation record;
begin
  drop schema if exists bounded cascade;
  create schema bounded;
  execute format(
    'create view bounded.leads as select l.* from %1$I.leads l where'
    ' l.custom @> any (nullif(current_setting(''postroom.lead_marks'', true), '''')::jsonb[])'
    ' or (current_setting(''postroom.sees_unassigned'', true) = ''yes'''
    ' and not l.custom ?| nullif(current_setting(''postroom.lead_fields'', true), '''')::text[])', home);
  for relation in
    select c.relname, bool_or(not a.attnotnull and c.relkind = 'r') as may_be_of_none
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'lead_id' and not a.attisdropped
    where c.relnamespace = home::regnamespace and c.relkind in ('r', 'v', 'p')
    and c.relname <> 'events'      -- written with DEFAULT, which no view has: who reads it asks for leads
    group by c.relname
  loop
    execute format(
      'create view bounded.%1$I as select t.* from %2$I.%1$I t where %3$s exists (select 1 from bounded.leads l'
      ' where l.organization_id = t.organization_id and l.id = t.lead_id)',
      relation.relname, home, case when relation.may_be_of_none then 't.lead_id is null or' else '' end);
  end loop;
  execute format(
    'create view bounded.comments as select c.* from %1$I.comments c where exists (select 1 from'
    ' bounded.comment_threads t where t.organization_id = c.organization_id and t.id = c.thread_id)', home);
end $$;
