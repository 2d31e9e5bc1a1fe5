-- Smart Views, and the indexes by which leads are searched.
create extension if not exists pg_trgm;

create table saved_searches (                             -- Smart Views, "saved searches" in the API
  organization_id   text not null references organizations (id),
  id                text not null,
  name              text not null,
  description       text not null default '',
  type              text not null default 'lead',         -- what it finds: Close's word
  query             text,                                 -- in the text language …
  s_query           jsonb,                                -- … or structured
  user_id           text,                                 -- whose it is; null: the organization's own
  is_shared         boolean not null default false,       -- with everybody
  shared_with       text[] not null default '{}',         -- users and groups that it is shared with beside
  is_user_dependent boolean not null default false,       -- it says "me"
  selected_fields   jsonb,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  check ((query is null) <> (s_query is null))
);

-- Texts are looked through by trigram; the expressions are those of views/search_things.py.
create index leads_by_text on leads using gin ((name || ' ' || description || ' ' || url) gin_trgm_ops);
create index leads_by_name_text on leads using gin (name gin_trgm_ops);
create index contacts_by_text on contacts using gin ((name || ' ' || title) gin_trgm_ops);
create index contacts_by_name_text on contacts using gin (name gin_trgm_ops);
create index contacts_by_phone_text on contacts
  using gin ((jsonb_path_query_array(phones, '$[*]."phone"')::text) gin_trgm_ops);
create index contact_emails_by_text on contact_emails using gin (address gin_trgm_ops);
create index emails_by_subject_text on emails using gin (subject gin_trgm_ops);
create index emails_by_sender_text on emails using gin (sender gin_trgm_ops);

-- Orders that lists are sorted in, and what the usual views narrow by.
create index leads_by_creation on leads (organization_id, date_created desc, id);
create index leads_by_status on leads (organization_id, status_id, last_activity_at desc nulls last, id);
create index contact_emails_by_lead on contact_emails (organization_id, lead_id);
create index leads_by_emails on leads (organization_id, num_emails desc, id);
create index emails_by_time on emails (organization_id, activity_at desc, lead_id);
create index emails_by_contact on emails (organization_id, contact_id) where contact_id is not null;
create index emails_by_lead_status on emails (organization_id, lead_id, status, activity_at);
