-- What searches ask of every lead: when its first emails were received and sent, kept like those of the newest (0018);
-- and indexes for what they ask of every lead's activities, of the Inbox, and of templates.
alter table leads add column first_incoming_at timestamptz, add column first_outgoing_at timestamptz;
update leads l set first_incoming_at = e.incoming, first_outgoing_at = e.outgoing from (
  select organization_id, lead_id, min(activity_at) filter (where status = 'inbox') as incoming,
    min(activity_at) filter (where status = 'sent') as outgoing
  from emails where status in ('inbox', 'sent') group by organization_id, lead_id) e
where l.organization_id = e.organization_id and l.id = e.lead_id;
create statistics leads_first_email on (least(first_incoming_at, first_outgoing_at)) from leads;

-- `calls = 0`, `last_call`, `notes > 3`: one look at the index for each lead.
create index activities_by_lead_kind on activities (organization_id, lead_id, kind, activity_at);
create index inbox_items_by_lead on inbox_items (organization_id, lead_id, is_done);

-- `emailed_template:"…"`: which leads have had a template.
create index emails_by_template on emails (organization_id, template_id, lead_id) where template_id is not null;
