-- The ledger of a bulk email is written a hundred thousand rows at a time: it keeps one wide index less, and rows are
-- removed with their batch by the statement that removes the batch. Known by their numbers, unique by their address;
-- who has none, or is a double, by lead and contact.
alter table bulk_recipients drop constraint bulk_recipients_pkey;
drop index bulk_recipients_in_order;
alter table bulk_recipients add primary key (organization_id, bulk_id, number);
alter table bulk_recipients drop constraint bulk_recipients_organization_id_bulk_id_fkey;
create unique index bulk_recipients_nobody on bulk_recipients (organization_id, bulk_id, lead_id, contact_id, address)
  where address_key is null;
