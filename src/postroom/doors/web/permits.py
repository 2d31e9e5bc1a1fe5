"""What each operation asks of its caller's role: the one place where routes and permissions meet.

`rooms/users/roles.py` says who has which permission. An operation that is not named here may be read by everybody who
is signed in, and changed by everybody but restricted users: a new route is never open to them by oversight. What
belongs to one user, account or email is decided by the rules of its room besides.
"""

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from postroom.ground.errors import Forbidden
from postroom.rooms.users.roles import Permission, Role
from postroom.rooms.users.user import ActingUser

_P = Permission

NEEDS: dict[str, Permission] = {
    # the organization, and who is in it
    "update_organization": _P.MANAGE_ORGANIZATION,
    "invite_member": _P.MANAGE_ORGANIZATION,
    "update_membership": _P.MANAGE_ORGANIZATION,
    "update_memberships": _P.MANAGE_ORGANIZATION,
    "delete_membership": _P.MANAGE_ORGANIZATION,
    "deactivate_member": _P.MANAGE_ORGANIZATION,
    "reactivate_member": _P.MANAGE_ORGANIZATION,
    "make_access_link": _P.MANAGE_ORGANIZATION,
    "remove_two_factor_of": _P.MANAGE_ORGANIZATION,
    "update_access_rules": _P.MANAGE_ORGANIZATION,
    "create_role": _P.MANAGE_ORGANIZATION,
    "update_role": _P.MANAGE_ORGANIZATION,
    "delete_role": _P.MANAGE_ORGANIZATION,
    "create_group": _P.MANAGE_ORGANIZATION,
    "update_group": _P.MANAGE_ORGANIZATION,
    "delete_group": _P.MANAGE_ORGANIZATION,
    "add_group_member": _P.MANAGE_ORGANIZATION,
    "remove_group_member": _P.MANAGE_ORGANIZATION,
    "list_access_log": _P.MANAGE_ORGANIZATION,
    "save_oauth_client": _P.MANAGE_ORGANIZATION,
    "delete_oauth_client": _P.MANAGE_ORGANIZATION,
    "update_unsubscribe_settings": _P.MANAGE_ORGANIZATION,
    "create_webhook": _P.MANAGE_ORGANIZATION,
    "update_webhook": _P.MANAGE_ORGANIZATION,
    "delete_webhook": _P.MANAGE_ORGANIZATION,
    "test_webhook": _P.MANAGE_ORGANIZATION,
    "make_dkim_keys": _P.MANAGE_ORGANIZATION,
    "switch_dkim": _P.MANAGE_ORGANIZATION,
    "delete_dkim_keys": _P.MANAGE_ORGANIZATION,
    "put_exclude_patterns": _P.MANAGE_ORGANIZATION,
    "put_own_domain": _P.MANAGE_ORGANIZATION,
    "delete_own_domain": _P.MANAGE_ORGANIZATION,
    # how the organization works
    "create_lead_status": _P.MANAGE_CUSTOMIZATIONS,
    "update_lead_status": _P.MANAGE_CUSTOMIZATIONS,
    "delete_lead_status": _P.MANAGE_CUSTOMIZATIONS,
    "order_lead_statuses": _P.MANAGE_CUSTOMIZATIONS,
    "create_opportunity_status": _P.MANAGE_CUSTOMIZATIONS,
    "update_opportunity_status": _P.MANAGE_CUSTOMIZATIONS,
    "delete_opportunity_status": _P.MANAGE_CUSTOMIZATIONS,
    "create_pipeline": _P.MANAGE_CUSTOMIZATIONS,
    "update_pipeline": _P.MANAGE_CUSTOMIZATIONS,
    "delete_pipeline": _P.MANAGE_CUSTOMIZATIONS,
    "create_custom_field": _P.MANAGE_CUSTOMIZATIONS,
    "update_custom_field": _P.MANAGE_CUSTOMIZATIONS,
    "delete_custom_field": _P.MANAGE_CUSTOMIZATIONS,
    "order_custom_field_schema": _P.MANAGE_CUSTOMIZATIONS,
    "associate_shared_field": _P.MANAGE_CUSTOMIZATIONS,
    "update_shared_field_association": _P.MANAGE_CUSTOMIZATIONS,
    "delete_shared_field_association": _P.MANAGE_CUSTOMIZATIONS,
    "create_custom_activity_type": _P.MANAGE_CUSTOMIZATIONS,
    "update_custom_activity_type": _P.MANAGE_CUSTOMIZATIONS,
    "delete_custom_activity_type": _P.MANAGE_CUSTOMIZATIONS,
    "create_integration_link": _P.MANAGE_CUSTOMIZATIONS,
    "update_integration_link": _P.MANAGE_CUSTOMIZATIONS,
    "delete_integration_link": _P.MANAGE_CUSTOMIZATIONS,
    # much at once, in and out, and for good
    "delete_lead": _P.DELETE_LEADS,
    "merge_leads": _P.DELETE_LEADS,
    "create_bulk_edit": _P.BULK_EDIT,
    "create_bulk_delete": _P.BULK_DELETE,
    "create_bulk_email": _P.BULK_EMAIL,
    "pause_bulk_email": _P.BULK_EMAIL,
    "resume_bulk_email": _P.BULK_EMAIL,
    "cancel_bulk_email": _P.BULK_EMAIL,
    "send_bulk_email_again": _P.BULK_EMAIL,
    "count_bulk_email_as_sent": _P.BULK_EMAIL,
    "export_leads": _P.EXPORT,
    "export_opportunities": _P.EXPORT,
    "export_suppressed": _P.EXPORT,
    "create_import": _P.IMPORT,
    "update_import": _P.IMPORT,
    "check_import": _P.IMPORT,
    "run_import": _P.IMPORT,
    "undo_import": _P.IMPORT,
    "delete_import": _P.IMPORT,
    # one's own, for good; a coworker's takes manage_others_activities besides, or being an admin
    "delete_email": _P.DELETE_OWN_ACTIVITIES,
    "delete_email_thread": _P.BULK_EDIT,
    "delete_note": _P.DELETE_OWN_ACTIVITIES,
    "delete_call": _P.DELETE_OWN_ACTIVITIES,
    "delete_comment": _P.DELETE_OWN_ACTIVITIES,
    "delete_custom_activity": _P.DELETE_OWN_ACTIVITIES,
    "delete_completed_task": _P.DELETE_OWN_ACTIVITIES,
    "delete_lead_status_change": _P.DELETE_OWN_ACTIVITIES,
    "delete_opportunity_status_change": _P.DELETE_OWN_ACTIVITIES,
    # bulk email
    "draft_bulk_email": _P.BULK_EMAIL,
    "start_bulk_email": _P.BULK_EMAIL,
    "test_bulk_email": _P.BULK_EMAIL,
    "export_bulk_email_recipients": _P.BULK_EMAIL,
}
"""By operation id: the permission without which it is refused."""

OPEN_TO_RESTRICTED = frozenset(
    {
        # signing in, and one's own access
        "auth_setup", "auth_sign_in", "auth_code", "auth_sign_out", "auth_confirm", "auth_forgot", "auth_link",
        "auth_use_link", "change_password", "begin_two_factor", "confirm_two_factor", "remove_two_factor",
        "renew_recovery_codes", "end_session", "end_other_sessions", "create_api_key", "delete_api_key",
        "update_user", "update_preferences",
        # daily work on leads
        "create_lead", "update_lead", "create_contact", "update_contact", "delete_contact", "create_task",
        "update_task", "update_tasks", "delete_task",
        "create_opportunity", "update_opportunity", "delete_opportunity",
        "create_note", "update_note", "create_call", "update_call", "create_comment",
        "update_comment", "create_custom_activity", "update_custom_activity",
        "create_lead_status_change",
        "create_opportunity_status_change",
        # one's own mail
        "move_writings", "reconnect_account", "test_saved_account", "make_admin_link",
        "decide_link_proposals", "delete_link_decision", "try_exclude_patterns", "mail_alias_code", "confirm_alias",
        "create_send_as",
        "delete_send_as", "delete_send_as_of", "bulk_send_as", "put_thread_privacy", "dry_run",
        "create_email", "update_email", "read_email_thread", "upload_file", "create_email_template",
        "update_email_template", "delete_email_template", "render_text", "render_email_template", "update_signature",
        "preview_signature", "update_account_signature", "delete_account_signature", "create_connected_account",
        "update_connected_account", "delete_connected_account", "test_connected_account", "discover_settings",
        "begin_sign_in", "sync_now", "choose_folder", "put_identities", "put_account_exclude_patterns",
        # asking
        "search_data", "report_activity", "create_saved_search", "update_saved_search", "delete_saved_search",
    }
)  # fmt: skip
"""By operation id: what restricted users may change, or ask with a POST."""

ONLY_WITH_ALL_LEADS = frozenset(
    {
        "list_imports", "get_import", "list_import_rows", "create_import", "update_import", "check_import",
        "run_import", "undo_import", "delete_import",
    }
)  # fmt: skip
"""By operation id: what compares with all leads of the organization, and so tells of those that one may not see."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def permitted(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Litestar's guard of the whole API. Raises Forbidden."""
    user: ActingUser | None = connection.scope.get("user")
    if user is None or not isinstance(handler, HTTPRouteHandler):
        return  # an open path: `gate.py` has let it in
    demand_permit(user, str(handler.operation_id or ""), is_reading=connection.scope.get("method") in _READING)


def demand_permit(user: ActingUser, operation_id: str, *, is_reading: bool) -> None:
    """Raises Forbidden where the user's role does not allow the operation."""
    needed = NEEDS.get(operation_id)
    if needed is not None and not user.may(needed):
        if needed is Permission.MANAGE_ORGANIZATION:
            raise Forbidden("Only an admin may do this.")
        raise Forbidden(f"Your role does not allow this ({needed.value}). An admin can change your role.")
    if operation_id in ONLY_WITH_ALL_LEADS and user.bounds is not None:
        raise Forbidden("This takes a role that sees all leads. An admin can change your role.")
    if needed is None and not is_reading and user.role is Role.RESTRICTED and operation_id not in OPEN_TO_RESTRICTED:
        raise Forbidden("Restricted users may not do this. An admin can change your role.")
