"""Every background job: what it drains, who runs one at a time, and how urgent it is.

All have the form "drain what is due for this account": rows are truth, jobs are hints (`ground/jobs.py`). IMAP work
carries the lock `imap:<account>`, sending `smtp:<account>`: order within an account, parallel across accounts.
"""

from typing import Any

from postroom.ground.jobs import Job


def _imap(payload: dict[str, Any]) -> str:
    return f"imap:{payload['account_id']}"


def _smtp(payload: dict[str, Any]) -> str:
    return f"smtp:{payload['account_id']}"


def _telling(payload: dict[str, Any]) -> str:
    return f"tell:{payload['account_id']}"


def _organization(payload: dict[str, Any]) -> str:
    return f"index:{payload['organization_id']}"


def _webhook(payload: dict[str, Any]) -> str:
    return f"webhook:{payload['webhook_id']}"


def _bulk(payload: dict[str, Any]) -> str:
    return f"bulk:{payload['bulk_id']}"


def _export(payload: dict[str, Any]) -> str:
    return f"export:{payload['organization_id']}"


def _action(payload: dict[str, Any]) -> str:
    return f"bulk_action:{payload['organization_id']}"


def _import(payload: dict[str, Any]) -> str:
    return f"import:{payload['organization_id']}"


# The payload of every job: organization_id and, but for those that say otherwise, account_id.
DELIVER_DUE = Job("deliver_due", priority=50, lock_by=_smtp)
SETTLE_PLACEMENT = Job("settle_placement", priority=45, lock_by=_imap)
PULL_NEW = Job("pull_new", priority=40, lock_by=_imap)
FILE_SENT_COPIES = Job("file_sent_copies", priority=30, lock_by=_imap)
SETTLE_UNKNOWN = Job("settle_unknown", priority=30, lock_by=_imap)
BACKFILL = Job("backfill", priority=20, lock_by=_imap)
TELL_BROKEN = Job("tell_broken", priority=15, lock_by=_telling)
REJUDGE = Job("rejudge", priority=20, lock_by=_imap)
PULL_HISTORY = Job("pull_history", priority=10, lock_by=_imap)
WALK_BULK = Job("walk_bulk", priority=25, lock_by=_bulk)
"""organization_id and bulk_id."""
SEND_BULK = Job("send_bulk", priority=8, lock_by=_smtp)
MAIL_LINKS = Job("mail_links", priority=50, lock_by=_smtp)
INDEX_EMAILS = Job("index_emails", priority=5, lock_by=_organization)
"""organization_id alone."""
CALL_WEBHOOK = Job("call_webhook", priority=35, lock_by=_webhook)
"""organization_id and webhook_id."""
MAKE_EXPORT = Job("make_export", priority=3, lock_by=_export)
"""organization_id and export_id; one at a time in an organization."""
RUN_BULK_ACTION = Job("run_bulk_action", priority=15, lock_by=_action)
"""organization_id and action_id; one at a time in an organization."""
IMPORT_LEADS = Job("import_leads", priority=4, lock_by=_import)
"""organization_id and import_id; one at a time in an organization."""
