-- Words are asked for month by month: those that stand in many emails, but not together or not with what else is asked,
-- are found in the newest months without looking up all emails that have them.

alter table email_search rename to email_search_before;
alter table email_search_before rename constraint email_search_pkey to email_search_before_pkey;
create table email_search (                               -- filled in batches, seconds after the email itself
  organization_id   text not null,
  email_id          text not null,
  months            integer[] not null,                   -- of the email, as rooms/emails/search_months.py numbers them
  words             tsvector not null,
  primary key (organization_id, email_id),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);
insert into email_search (organization_id, email_id, months, words)
select s.organization_id, s.email_id, array[
  ('x' || left(md5(s.organization_id || ' ' || to_char(e.activity_at at time zone 'UTC', 'YYYY-MM')), 8))::bit(32)::integer],
  s.words
from email_search_before s join emails e on e.organization_id = s.organization_id and e.id = s.email_id;
drop table email_search_before;
create index email_search_words on email_search using gin (words, months);

-- All words that stand in an organization's emails: what begins with some letters is looked for as the words that do, which
-- the index of words answers many times sooner than a beginning.
create table search_words (                               -- but those that begin with a digit: they have no end
  organization_id   text not null references organizations (id),
  word              text collate "C" not null,
  primary key (organization_id, word)
);
alter table search_progress add column words_checked text not null default '';  -- up to this one, whether they still stand
insert into search_words (organization_id, word)
select distinct s.organization_id, w.word from email_search s, unnest(tsvector_to_array(s.words)) w(word)
where position(':' in w.word) = 0 and w.word !~ '^[0-9]';

-- has:attachment: the newest emails with files. And lists of a whole organization, the newest first.
create index emails_with_files on emails (organization_id, activity_at desc, id) where attachments <> '[]';
create index contacts_by_update on contacts (organization_id, date_updated desc, id);
create index email_threads_newest on email_threads (organization_id, latest_at desc, id);
create index tasks_by_date on tasks (organization_id, due_at, id);
