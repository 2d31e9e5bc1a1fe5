-- Templates and signatures.
create table email_templates (
  organization_id   text not null references organizations (id),
  id                text not null,
  user_id           text not null,                        -- whose it is; shared ones are seen by all
  name              text not null,
  subject           text not null default '',
  body              text not null default '',             -- HTML with variables, as written
  cc_list           text[] not null default '{}',
  bcc_list          text[] not null default '{}',
  attachments       jsonb not null default '[]',          -- as emails.attachments
  is_shared         boolean not null default false,
  is_archived       boolean not null default false,
  last_used_at      timestamptz,
  last_used_by      text,
  last_used_type    text,                                 -- what it was used for: email, bulk_email, sequence
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id)
);
create index email_templates_newest on email_templates (organization_id, date_created desc, id);
create index email_templates_attachments on email_templates using gin (attachments jsonb_path_ops);

create table signatures (
  organization_id   text not null references organizations (id),
  owner_id          text not null,                        -- a user, or a connected account, which then overrides
  html              text not null default '',             -- sanitised; its images are named as cid:
  images            jsonb not null default '[]',          -- as emails.attachments: each with its content id
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, owner_id)
);
