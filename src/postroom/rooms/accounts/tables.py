"""Which tables the accounts room owns, and a row of connected accounts read into its value."""

from collections.abc import Mapping
from typing import Any

from postroom.ground.errors import Remedy
from postroom.rooms.accounts.account import (
    AccountSettings,
    ConnectedAccount,
    CoworkersSee,
    Encryption,
    ServerLogin,
    Standing,
    Status,
    SyncDirection,
)

TABLES = (
    "connected_accounts", "account_identities", "exclude_patterns", "oauth_clients", "oauth_sign_ins", "oauth_grants",
    "send_paces", "domain_paces",
    "alias_codes", "send_as", "account_alerts", "own_domains",
)  # fmt: skip

SETTINGS_COLUMNS = (
    "display_name", "reply_to", "is_default", "is_active", "sync_enabled", "send_enabled", "poll_seconds",
    "sync_direction", "history_from", "auto_link", "archive_sync", "read_sync", "track_opens", "track_clicks",
    "link_by_name", "link_by_domain", "coworkers_see",
)  # fmt: skip
"""The columns of AccountSettings, under its own names."""

ACCOUNT_COLUMNS = (
    "organization_id", "id", "user_id", "type", "provider", "email", "email_key", "is_deleted",
    "imap_host", "imap_port", "imap_encryption", "imap_user",
    "smtp_host", "smtp_port", "smtp_encryption", "smtp_user",
    *SETTINGS_COLUMNS,
    "receive_status", "receive_error", "receive_remedy", "retry_after", "failures_in_row",
    "send_status", "send_error", "send_remedy", "send_retry_after", "send_failures_in_row",
    "files_own_sent", "server_can_push", "date_created", "date_updated", "date_connected", "last_pull_at",
    "folders_read_at",
)  # fmt: skip
"""All but the sealed secrets."""


def account_from_row(row: Mapping[str, Any]) -> ConnectedAccount:
    """The value of a row that holds ACCOUNT_COLUMNS by name."""
    settings = {name: row[name] for name in SETTINGS_COLUMNS}
    settings["sync_direction"] = SyncDirection(row["sync_direction"])
    settings["coworkers_see"] = CoworkersSee(row["coworkers_see"])
    return ConnectedAccount(
        organization_id=row["organization_id"],
        id=row["id"],
        user_id=row["user_id"],
        type=row["type"],
        provider=row["provider"],
        email=row["email"],
        email_key=row["email_key"],
        imap=_login(row, "imap"),
        smtp=_login(row, "smtp"),
        settings=AccountSettings(**settings),
        receiving=_standing(row, "receive", retry_columns=("retry_after", "failures_in_row")),
        sending=_standing(row, "send", retry_columns=("send_retry_after", "send_failures_in_row")),
        files_own_sent=row["files_own_sent"],
        server_can_push=row["server_can_push"],
        is_deleted=row["is_deleted"],
        date_created=row["date_created"],
        date_updated=row["date_updated"],
        date_connected=row["date_connected"],
        last_pull_at=row["last_pull_at"],
        folders_read_at=row["folders_read_at"],
    )


def _login(row: Mapping[str, Any], protocol: str) -> ServerLogin | None:
    if not row[f"{protocol}_host"]:
        return None
    return ServerLogin(
        row[f"{protocol}_host"],
        row[f"{protocol}_port"],
        Encryption(row[f"{protocol}_encryption"]),
        row[f"{protocol}_user"],
    )


def _standing(row: Mapping[str, Any], side: str, *, retry_columns: tuple[str, str]) -> Standing:
    remedy = row[f"{side}_remedy"]
    return Standing(
        Status(row[f"{side}_status"]),
        row[f"{side}_error"],
        Remedy(remedy) if remedy else None,
        row[retry_columns[0]],
        row[retry_columns[1]],
    )
