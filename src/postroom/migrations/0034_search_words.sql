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
