-- Until when an Inbox item was snoozed: once it is back, whether its time had come or a reply was quicker.
alter table inbox_items add column snoozed_until timestamptz;
