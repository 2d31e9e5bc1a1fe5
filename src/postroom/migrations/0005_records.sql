-- What a CRM keeps of a lead besides emails: deals in pipelines, fields of one's own, notes, calls and what happened.

-- ── opportunities ───────────────────────────────────────────────────────────────────────────────────────────
create table pipelines (
  organization_id   text not null references organizations (id),
  id                text not null,
  name              text not null,
  position          integer not null default 0,
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, name)
);

create table opportunity_statuses (
  organization_id   text not null,
  id                text not null,
  pipeline_id       text not null,
  label             text not null,
  type              text not null default 'active' check (type in ('active', 'won', 'lost')),
  position          integer not null default 0,
  primary key (organization_id, id),
  unique (organization_id, pipeline_id, label),
  foreign key (organization_id, pipeline_id) references pipelines (organization_id, id) on delete cascade
);

create table opportunities (
  organization_id   text not null,
  id                text not null,
  lead_id           text not null,
  contact_id        text,
  user_id           text,
  status_id         text not null,
  value             bigint,                               -- cents; null: nobody has said
  value_period      text not null default 'one_time' check (value_period in ('one_time', 'monthly', 'annual')),
  confidence        integer not null default 50 check (confidence between 0 and 100),
  note              text not null default '',
  date_won          date,                                 -- of an open one, when it is hoped for
  date_lost         timestamptz,
  attachments       jsonb not null default '[]',
  custom            jsonb not null default '{}',          -- by the id of the custom field
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade,
  foreign key (organization_id, status_id) references opportunity_statuses (organization_id, id)
);
create index opportunities_by_lead on opportunities (organization_id, lead_id, date_created);
create index opportunities_newest on opportunities (organization_id, date_created desc, id);
create index opportunities_by_update on opportunities (organization_id, date_updated desc, id);
create index opportunities_by_status on opportunities (organization_id, status_id, date_created desc, id);
create index opportunities_by_note_text on opportunities using gin (note gin_trgm_ops);

-- Organizations from before this have leads but no pipeline: they get the first one, under ids that follow from theirs.
insert into pipelines (organization_id, id, name, date_created, date_updated)
select id, 'pipe_' || left(md5(id || 'Sales'), 22), 'Sales', date_created, date_created from organizations;
insert into opportunity_statuses (organization_id, id, pipeline_id, label, type, position)
select o.id, 'stat_' || left(md5(o.id || s.label), 22), 'pipe_' || left(md5(o.id || 'Sales'), 22), s.label, s.type, s.position
from organizations o cross join (values ('Active', 'active', 0), ('Won', 'won', 1), ('Lost', 'lost', 2)) s (label, type, position);

-- ── custom fields ───────────────────────────────────────────────────────────────────────────────────────────
create table custom_fields (
  organization_id   text not null references organizations (id),
  id                text not null,
  kind              text not null check (kind in ('lead', 'contact', 'opportunity', 'activity', 'shared')),
  type_id           text not null default '',             -- of an activity's field: custom_activity_types.id
  name              text not null,
  description       text not null default '',
  type              text not null,
  choices           text[] not null default '{}',
  accepts_multiple_values boolean not null default false,
  is_required       boolean not null default false,
  editable_with_roles text[] not null default '{}',
  associations      jsonb not null default '[]',          -- of a shared one: on what it stands
  position          integer not null default 0,
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, kind, type_id, name)
);

-- ── activities but for emails ───────────────────────────────────────────────────────────────────────────────
create table custom_activity_types (
  organization_id   text not null references organizations (id),
  id                text not null,
  name              text not null,
  description       text not null default '',
  api_create_only   boolean not null default false,
  is_archived       boolean not null default false,
  editable_with_roles text[] not null default '{}',
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, name)
);

create table activities (
  organization_id   text not null,
  id                text not null,
  kind              text not null check (kind in ('note', 'call', 'custom', 'lead_status_change',
                      'opportunity_status_change', 'task_completed', 'lead_merge')),
  lead_id           text not null,
  contact_id        text,
  user_id           text,
  object_id         text,                                 -- the opportunity or task that it is about
  type_id           text,                                 -- of a custom activity: custom_activity_types.id
  status            text not null default '',
  title             text not null default '',
  text              text not null default '',             -- a note, or what was noted of a call
  html              text not null default '',             -- the same, sanitised
  direction         text not null default '',
  duration          integer not null default 0,           -- seconds
  phone             text not null default '',
  old_status_id     text,
  new_status_id     text,
  is_pinned         boolean not null default false,
  details           jsonb not null default '{}',          -- what is only shown: labels as they were then, and the like
  custom            jsonb not null default '{}',          -- by the id of the custom field
  activity_at       timestamptz not null,
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade
);
create index activities_by_lead on activities (organization_id, lead_id, activity_at desc, id);
create index activities_newest on activities (organization_id, date_created desc, id);
create index activities_by_kind on activities (organization_id, kind, activity_at desc, id);
create index activities_by_object on activities (organization_id, object_id) where object_id is not null;
create index activities_by_text on activities using gin (text gin_trgm_ops);

-- ── comments ────────────────────────────────────────────────────────────────────────────────────────────────
create table comment_threads (
  organization_id   text not null,
  id                text not null,
  lead_id           text not null,
  object_id         text not null,                        -- an activity, an email thread or an opportunity
  object_type       text not null,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, object_id),
  foreign key (organization_id, lead_id) references leads (organization_id, id) on delete cascade
);

create table comments (
  organization_id   text not null,
  id                text not null,
  thread_id         text not null,
  body              text not null default '',             -- sanitised HTML; '' of a deleted one
  is_deleted        boolean not null default false,
  created_by        text,
  updated_by        text,
  date_created      timestamptz not null,
  date_updated      timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, thread_id) references comment_threads (organization_id, id) on delete cascade
);
create index comments_by_thread on comments (organization_id, thread_id, date_created, id);
