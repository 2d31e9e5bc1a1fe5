-- Whether any thread is private is asked for every portion of mail that comes in.
create index email_threads_private on email_threads (organization_id) where is_private;
