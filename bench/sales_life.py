"""What a sales team adds to the organization of `organization.py`: fields and choices of its own, a second pipeline,
deals that were won or lost, changes of status, templates, and recipients who opened what they were sent.
"""

from typing import Any

import psycopg

from bench.organization import NOW, ORG

Connection = psycopg.Connection[Any]


def enrich(connection: Connection) -> None:
    """Add it once; `connection` commits by itself and writes its values into the statements."""
    known = connection.execute("select 1 from custom_fields where organization_id = %s", (ORG,)).fetchone()
    if known:
        return
    connection.execute("set synchronous_commit = off; set session_replication_role = replica; select setseed(0.25)")
    for statement in (_FIELDS, _ON_LEADS, _ON_CONTACTS, _STAGES, _DEALS, _CHANGES, _TEMPLATES, _SENT_BY, _OPENS):
        connection.execute(statement, {"org": ORG, "now": NOW})
    connection.execute("set session_replication_role = origin")
    connection.execute("vacuum analyze")


_FIELDS = """
insert into custom_fields (organization_id, id, kind, name, type, choices, accepts_multiple_values, date_created,
    date_updated)
  select %(org)s, id, kind, name, type, choices, several, %(now)s, %(now)s from (values
    ('cf_source', 'lead', 'Source', 'choices', array['Web', 'Fair', 'Partner', 'Call'], false),
    ('cf_staff', 'lead', 'Employees', 'number', array[]::text[], false),
    ('cf_industry', 'lead', 'Industry', 'choices', array['Retail', 'Health', 'Software', 'Food', 'Steel'], true),
    ('cf_renewal', 'lead', 'Renewal Date', 'date', array[]::text[], false),
    ('cf_owner', 'lead', 'Account Owner', 'user', array[]::text[], false),
    ('cf_role', 'contact', 'Role', 'choices', array['Decides', 'Pays', 'Uses'], false),
    ('cf_product', 'opportunity', 'Product', 'choices', array['Basic', 'Plus', 'Whole'], false)
  ) f(id, kind, name, type, choices, several)
"""
_ON_LEADS = """
update leads set custom = jsonb_build_object('cf_source', custom -> 'Source', 'cf_staff', custom -> 'Employees',
  'cf_renewal', to_char(%(now)s::timestamptz + (random() - 0.5) * interval '700 days', 'YYYY-MM-DD'))
  || case when random() < 0.7 then jsonb_build_object('cf_industry', jsonb_build_array(
    (array['Retail', 'Health', 'Software', 'Food', 'Steel'])[1 + floor(random() * 5)::int])) else '{}' end
  || case when random() < 0.6 then jsonb_build_object('cf_owner', 'user_' || (1 + floor(random() * 20)::int))
    else '{}' end
where organization_id = %(org)s
"""
_ON_CONTACTS = """
update contacts set date_created = at, date_updated = at + random() * random() * (%(now)s::timestamptz - at),
  custom = case when chance < 0.4 then jsonb_build_object('cf_role',
    (array['Decides', 'Pays', 'Uses'])[1 + floor(random() * 3)::int]) else '{}' end
from (select c.id as contact_id, l.date_created as at, random() as chance from contacts c
  join leads l on l.organization_id = c.organization_id and l.id = c.lead_id where c.organization_id = %(org)s) made
where organization_id = %(org)s and id = made.contact_id
"""
_STAGES = """
insert into pipelines (organization_id, id, name, position, date_created, date_updated)
  values (%(org)s, 'pipe_2', 'Partners', 1, %(now)s, %(now)s);
insert into opportunity_statuses (organization_id, id, pipeline_id, label, type, position) values
  (%(org)s, 'stag_4', 'pipe_1', 'Negotiation', 'active', 1), (%(org)s, 'stag_5', 'pipe_2', 'First talk', 'active', 0),
  (%(org)s, 'stag_6', 'pipe_2', 'Signed', 'won', 1), (%(org)s, 'stag_7', 'pipe_2', 'Gone', 'lost', 2);
update opportunity_statuses set position = 5 where organization_id = %(org)s and id in ('stag_2', 'stag_3')
"""
# Most are decided within some months, a few are still open; what closes soon has a date that lies ahead.
_DEALS = """
update opportunities set value_period = (array['one_time', 'one_time', 'monthly', 'annual'])[
    1 + floor(random() * 4)::int],
  status_id = made.status_id, date_updated = least(date_created + random() * interval '120 days', %(now)s),
  date_won = case when made.status_id in ('stag_2', 'stag_6') then date_created::date + floor(random() * 90)::int
    when made.status_id in ('stag_1', 'stag_4', 'stag_5') then %(now)s::date + floor((random() - 0.3) * 120)::int end,
  date_lost = case when made.status_id in ('stag_3', 'stag_7') then date_created + random() * interval '90 days' end,
  contact_id = made.contact_id,
  custom = jsonb_build_object('cf_product', (array['Basic', 'Plus', 'Whole'])[1 + floor(random() * 3)::int])
from (select o.id as deal_id, 'stag_' || (array[1, 4, 5, 2, 2, 6, 3, 3, 3, 7])[1 + floor(random() * 10)::int]
    as status_id, (select c.id from contacts c where c.organization_id = o.organization_id and c.lead_id = o.lead_id
    order by c.position limit 1) as contact_id
  from opportunities o where o.organization_id = %(org)s) made
where organization_id = %(org)s and id = made.deal_id
"""
_CHANGES = """
insert into activities (organization_id, id, kind, lead_id, user_id, old_status_id, new_status_id, activity_at,
    date_created, date_updated)
  select organization_id, 'acti_l' || substr(id, 6), 'lead_status_change', id, created_by, 'stat_1', status_id, at, at,
    at from (select *, date_created + random() * (%(now)s::timestamptz - date_created) as at from leads
    where organization_id = %(org)s and status_id <> 'stat_1') changed;
insert into activities (organization_id, id, kind, lead_id, user_id, object_id, old_status_id, new_status_id,
    activity_at, date_created, date_updated)
  select organization_id, 'acti_o' || substr(id, 6), 'opportunity_status_change', lead_id, user_id, id, 'stag_1',
    status_id, date_updated, date_updated, date_updated from opportunities
  where organization_id = %(org)s and status_id not in ('stag_1', 'stag_5')
"""
_TEMPLATES = """
insert into email_templates (organization_id, id, user_id, name, subject, body, is_shared, date_created, date_updated)
  select %(org)s, 'tmpl_' || n, 'user_1', name, name, name, true, %(now)s, %(now)s from unnest(array['First mail',
  'Second mail', 'Offer', 'Invitation', 'Invoice reminder']) with ordinality t(name, n)
"""
_SENT_BY = """
update emails set template_id = 'tmpl_' || (1 + floor(random() * 5)::int)
where organization_id = %(org)s and status = 'sent' and substr(md5(id), 1, 1) = '7'
"""
_OPENS = """
insert into email_opens (organization_id, email_id, position, opened_at, opened_by)
  select organization_id, id, 0, activity_at + random() * interval '3 days', to_list[1] from emails
  where organization_id = %(org)s and status = 'sent' and substr(md5(id), 2, 1) in ('1', '2')
"""
