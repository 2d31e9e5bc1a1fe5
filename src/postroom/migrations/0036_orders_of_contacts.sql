-- Contacts are listed by their names and by when they were made, and asked for when they last wrote or were written to,
-- without a look at every contact and every email.
drop index contacts_by_name;
create index contacts_by_name on contacts (organization_id, lower(name), id);
create index contacts_by_creation on contacts (organization_id, date_created desc, id);
drop index emails_by_contact;
create index emails_by_contact on emails (organization_id, contact_id, status, activity_at) where contact_id is not null;
