"""The Inbox room: threads that wait for one person, open, snoozed or done."""
