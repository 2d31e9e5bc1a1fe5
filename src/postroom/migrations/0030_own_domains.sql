-- A domain is ours by the addresses that users sign in with, or because an admin says so: no longer because somebody has
-- connected an account there. What admins have connected themselves stays ours.

create table own_domains (                                    -- admins' words, which count before everything else
  organization_id   text not null references organizations (id),
  domain            text not null,                            -- as it is compared: lower case, A-labels
  is_ours           boolean not null,
  user_id           text,                                     -- null: it was ours when this table was made
  date_created      timestamptz not null,
  primary key (organization_id, domain),
  foreign key (organization_id, user_id) references users (organization_id, id)
);

insert into own_domains (organization_id, domain, is_ours, date_created)
select distinct a.organization_id, substring(a.email_key from '[^@]*$'), true, now()
from connected_accounts a
join users u on u.organization_id = a.organization_id and u.id = a.user_id and u.role = 'admin' and u.is_active
where not a.is_deleted;

alter table account_identities
  drop constraint account_identities_proof_check,
  add constraint account_identities_proof_check check (proof in ('own', 'domain', 'code', 'server', 'admin', 'pending'));
update account_identities i set proof = 'pending'             -- a mailbox at a domain proved all of its addresses
where proof = 'domain'
  and not exists (select from own_domains d
                  where d.organization_id = i.organization_id and d.domain = substring(i.address_key from '[^@]*$'))
  and not exists (select from users u
                  where u.organization_id = i.organization_id and u.date_joined is not null
                    and substring(u.email_key from '[^@]*$') = substring(i.address_key from '[^@]*$'));

insert into rejudgements (organization_id, account_id, verdict, date_created)
select organization_id, id, 2, now() from connected_accounts  -- what was taken for mail among coworkers
where not is_deleted and imap_host <> ''
on conflict (organization_id, account_id, verdict) do update
set folder_id = 0, below_uid = 0, date_created = excluded.date_created;
