-- Searching two million emails: what searches ask of every lead stands on the lead, and accents count nowhere.

-- Texts are compared without case, accents and split or wide forms; views/search_words.py says the same in Python.
create function folded(said text) returns text language sql immutable parallel safe
return case when octet_length(said) = char_length(said) then lower(said)
  else translate(replace(normalize(regexp_replace(lower(normalize(said, nfkd)),
    '[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0]',
    '', 'g'), nfc), 'ß', 'ss'), 'ςøłđħŧıæœþð', 'σoldhtiaotd') end;

drop index leads_by_text, leads_by_name_text, contacts_by_text, contacts_by_name_text, contacts_by_phone_text,
  contact_emails_by_text, opportunities_by_note_text, activities_by_text;
create index leads_by_text on leads using gin (folded(name || ' ' || description || ' ' || url) gin_trgm_ops);
create index leads_by_name_text on leads using gin (folded(name) gin_trgm_ops);
create index contacts_by_text on contacts using gin (folded(name || ' ' || title) gin_trgm_ops);
create index contacts_by_name_text on contacts using gin (folded(name) gin_trgm_ops);
create index contacts_by_phone_text on contacts
  using gin (folded(jsonb_path_query_array(phones, '$[*]."phone"')::text) gin_trgm_ops);
create index contact_emails_by_text on contact_emails using gin (folded(address) gin_trgm_ops);
create index opportunities_by_note_text on opportunities using gin (folded(note) gin_trgm_ops);
create index activities_by_text on activities using gin (folded(text) gin_trgm_ops);

-- Subjects and senders of emails are found by their words (email_search): these cost more than anything else of an
-- email that comes.
drop index emails_by_subject_text, emails_by_sender_text;

-- When a lead's newest emails were received and sent; kept with num_emails, by the same statement.
alter table leads add column last_incoming_at timestamptz, add column last_outgoing_at timestamptz;
update leads l set last_incoming_at = e.incoming, last_outgoing_at = e.outgoing from (
  select organization_id, lead_id, max(activity_at) filter (where status = 'inbox') as incoming,
    max(activity_at) filter (where status = 'sent') as outgoing
  from emails where status in ('inbox', 'sent') group by organization_id, lead_id) e
where l.organization_id = e.organization_id and l.id = e.lead_id;

-- Leads by how many emails they have, each number in the order of lists.
drop index leads_by_emails;
create index leads_by_emails on leads (organization_id, num_emails desc, last_activity_at desc nulls last, id);

-- What the planner has to know of texts and moments that are asked for as expressions.
create statistics leads_last_email on (greatest(last_incoming_at, last_outgoing_at)) from leads;
create statistics leads_description on (folded(description)) from leads;
create statistics contacts_title on (folded(title)) from contacts;
