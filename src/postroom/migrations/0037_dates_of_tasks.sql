-- A task is due at a moment, on a day wherever its owner is, or whenever (Close: a date-time, a date, `is_dateless`).
-- `due_at` of a day is its midnight in UTC; of a task without a date it is that of the day it was written, as Close prints.

alter table tasks add column due_form text not null default 'moment' check (due_form in ('moment', 'day', 'none'));
