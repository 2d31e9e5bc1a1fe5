-- Words are asked for month by month: those that stand in many emails, but not together or not with what else is asked,
-- are found in the newest months without looking up all emails that have them.

alter table email_search rename to email_search_before;
create table email_search (                               -- filled in batches, seconds after the email itself
  organization_id   text not null,
  email_id          text not null,
  months            integer[] not null,                   -- of the email, as rooms/emails/search_months.py numbers them
  words             tsvector not null
);
insert into email_search (organization_id, email_id, months, words)
select s.organization_id, s.email_id, array[
  ('x' || left(md5(s.organization_id || ' ' || to_char(e.activity_at at time zone 'UTC', 'YYYY-MM')), 8))::bit(32)::integer],
  s.words
from email_search_before s join emails e on e.organization_id = s.organization_id and e.id = s.email_id;
drop table email_search_before;
alter table email_search add primary key (organization_id, email_id),
  add foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade;
create index email_search_words on email_search using gin (words, months);

-- has:attachment: the newest emails with files.
create index emails_with_files on emails (organization_id, activity_at desc, id) where attachments <> '[]';
