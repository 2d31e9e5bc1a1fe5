"""Every key that Close prints of a thing stands in ours: programs index them without asking.

The lists are those of Close's published description and of the examples in it (`../shared/reference/close-api.md`).
"""

from typing import Any

import httpx2

from postroom.rooms.users.user import ActingUser
from tests.doors.web.test_close_answers import API, made, some_lead
from tests.doors.web.test_connected_accounts import NEW

MADE = "id organization_id created_by updated_by date_created date_updated"
ACTIVITY = f"{MADE} _type lead_id contact_id user_id user_name users created_by_name updated_by_name activity_at"
SEQUENCE = "sequence_id sequence_name sequence_subscription_id"
KEYS = {
    "note": f"{ACTIVITY} title note note_html note_mentions pinned pinned_at attachments source",
    "call": (
        f"{ACTIVITY} {SEQUENCE} direction status disposition duration phone remote_phone remote_phone_formatted note"
        " note_html recording_url voicemail_url voicemail_duration source call_method cost local_country_iso"
        " remote_country_iso outcome_id dialer_id dialer_saved_search_id local_phone local_phone_formatted"
    ),
    "custom activity": (
        f"{ACTIVITY} custom_activity_type_id status pinned pinned_at last_published_at mentions mentions_updated_at"
        " source"
    ),
    "email": (
        f"{ACTIVITY} {SEQUENCE} date_sent date_scheduled status direction sender to cc bcc subject body_text body_html"
        " body_preview body_text_quoted body_html_quoted attachments envelope message_ids references thread_id"
        " in_reply_to_id has_reply opens opens_summary send_attempts need_smtp_credentials email_account_id send_as_id"
        " template_id template_name bulk_email_action_id followup_sequence_id followup_sequence_delay"
        " followup_sequence_add_cc_bcc agent_action_reason agent_config_id"
    ),
    "email thread": (
        "_type id organization_id lead_id contact_id user_id users date_created date_updated activity_at created_by"
        " created_by_name updated_by updated_by_name emails latest_emails latest_normalized_subject n_emails"
        " participants comment_summary importance summary"
    ),
    "created": f"{ACTIVITY} source",
    "lead status change": f"{ACTIVITY} old_status_id old_status_label new_status_id new_status_label",
    "opportunity status change": (
        f"{ACTIVITY} opportunity_id opportunity_value opportunity_value_formatted opportunity_value_currency"
        " opportunity_value_period opportunity_confidence opportunity_date_won old_status_id old_status_label"
        " old_status_type old_pipeline_id old_pipeline_name new_status_id new_status_label new_status_type"
        " new_pipeline_id new_pipeline_name"
    ),
    "task completed": f"{ACTIVITY} task_id task_text task_assigned_to task_assigned_to_name",
    "lead": (
        f"{MADE} name display_name description url status_id status_label html_url contacts contact_ids addresses"
        " opportunities tasks integration_links custom created_by_name updated_by_name primary_email primary_phone"
        " contacts_summary primary_address_summary localtime source summaries recent_calls"
    ),
    "contact": (
        f"{MADE} lead_id name display_name title emails phones urls subscriptions integration_links timezone"
        " timezone_source"
    ),
    "opportunity": (
        f"{MADE} lead_id lead_name status_id status_label status_display_name status_type pipeline_id pipeline_name"
        " user_id user_name contact_id contact_name value value_formatted value_currency value_period expected_value"
        " annualized_value annualized_expected_value confidence note note_html date_won date_lost created_by_name"
        " updated_by_name integration_links attachments"
    ),
    "task": (
        f"{MADE} _type assigned_to assigned_to_name contact_id contact_name created_by_name updated_by_name date"
        " due_date is_complete is_dateless lead_id lead_name object_id object_type text view priority resolution"
    ),
    "template": (
        f"{MADE} name subject body is_shared is_archived attachments cc bcc used_by_sequences last_used_at last_used_by"
        " last_used_type unsubscribe_link_id"
    ),
    "Smart View": (
        "id organization_id name description type query s_query is_shared is_user_dependent user_id selected_fields"
        " shared_with sharing_settings date_created date_updated used_recently"
    ),
    "webhook": (
        "id url events status verify_ssl pause_reason health_status latest_error recent_consecutive_fail_buckets_cnt"
        " counters created_by updated_by date_created date_updated"
    ),
    "connected account": (
        "id _type user_id organization_id date_created email identities default_identity enabled_features"
        " available_features email_receive_status calendar_receive_status receive_status send_status"
        " latest_receive_error latest_send_error is_imap_archive_sync_enabled imap smtp available_calendars"
        " synced_calendars sync_all_calendars has_meeting_creation_scopes lead_suggestions_updated_at calendly"
        " zoom_account_plan"
    ),
    "comment": (
        "id organization_id lead_id thread_id body mentions created_at created_by updated_at updated_by removed_at"
        " removed_by"
    ),
    "comment thread": (
        "id organization_id lead_id object_id object_type num_comments participating created_at updated_at"
    ),
    "membership": (
        "id user_id organization_id role_id permissions_granted track_email_opens auto_record_calls"
        " may_workflows_impersonate default_caller_id hangup_recording_url primary_personal_number is_free plan_type"
        " user_email user_first_name user_last_name user_full_name user_phone"
    ),
    "user": "id email first_name last_name image organizations last_used_timezone date_created date_updated",
    "organization": (
        "id created_by updated_by date_created date_updated name currency currency_symbol lead_statuses"
        " opportunity_statuses pipelines lead_custom_fields memberships inactive_memberships plan_type"
        " enable_unsubscribe_link require_unsubscribe_link"
    ),
    "me": (
        "id email first_name last_name image last_used_timezone email_accounts phone_numbers memberships organizations"
        " date_created date_updated"
    ),
    "role": "id name editable permissions visibility_user_lcf_ids visibility_user_lcf_behavior",
    "pipeline": f"{MADE} name statuses",
    "export": (
        f"{MADE} status format type fields date_format n_docs n_docs_processed download_url results_limit s_query sort"
        " send_done_email"
    ),
    "bulk email": (
        f"{MADE} status n_leads n_leads_processed n_objects n_objects_processed query s_query results_limit sort"
        " template_id contact_preference sender email_account_id send_done_email"
    ),
    "bulk edit": (
        f"{MADE} status n_leads n_leads_processed n_objects n_objects_processed query s_query results_limit sort type"
        " send_done_email"
    ),
    "event": (
        "id object_type object_id lead_id action changed_fields data previous_data meta request_id user_id api_key_id"
        " oauth_client_id oauth_scope organization_id date_created date_updated"
    ),
}


async def one_of_each(api: httpx2.AsyncClient, admin: ActingUser) -> dict[str, dict[str, Any]]:
    """A thing of each kind, as its own list prints it."""
    lead = await some_lead(api)
    on_lead: dict[str, Any] = {"lead_id": lead["id"]}
    kind = await made(api, "custom_activity", {"name": "Visit"})
    contact_id = lead["contacts"][0]["id"]
    note = await made(api, "activity/note", on_lead | {"note": "Hi"})
    deal = await made(api, "opportunity", on_lead | {"value": 100})
    task = await made(api, "task", on_lead | {"text": "Call"})
    statuses = [(await api.get(f"{API}/status/{of}/")).json()["data"] for of in ("lead", "opportunity")]
    await api.put(f"{API}/lead/{lead['id']}/", json={"status_id": statuses[0][1]["id"]})
    await api.put(f"{API}/opportunity/{deal['id']}/", json={"status_id": statuses[1][1]["id"]})
    await api.put(f"{API}/task/{task['id']}/", json={"is_complete": True})
    account = await made(api, "connected_account", NEW)
    template = await made(api, "email_template", {"name": "T", "subject": "S", "body": "B", "is_shared": True})
    logged = {"status": "sent", "to": ["jo@firm.test"], "subject": "Offer", "body_text": "Hello"}
    email = await made(api, "activity/email", on_lead | logged)
    bulk = {"query": "name:nobody", "template_id": template["id"], "sender": account["email"]}
    edit = {"query": "name:nobody", "type": "set_lead_status", "lead_status_id": statuses[0][0]["id"]}

    async def got(path: str) -> dict[str, Any]:
        answer = (await api.get(f"{API}/{path}")).json()
        return dict(answer["data"][0] if "data" in answer else answer)

    return {
        "note": note,
        "call": await made(api, "activity/call", on_lead | {"duration": 60}),
        "custom activity": await made(api, "activity/custom", on_lead | {"custom_activity_type_id": kind["id"]}),
        "email": await got(f"activity/email/{email['id']}/"),
        "email thread": await got(f"activity/emailthread/{email['thread_id']}/"),
        "created": await got("activity/created/"),
        "lead status change": await got("activity/status_change/lead/"),
        "opportunity status change": await got("activity/status_change/opportunity/"),
        "task completed": await got("activity/task_completed/"),
        "lead": await got("lead/"),
        "contact": await got(f"contact/{contact_id}/"),
        "opportunity": await got("opportunity/"),
        "task": await got("task/"),
        "template": template,
        "Smart View": await got("saved_search/"),
        "webhook": await made(
            api, "webhook", {"url": "https://x.test/", "events": [{"object_type": "lead", "action": "created"}]}
        ),
        "connected account": await got("connected_account/"),
        "comment": await made(api, "comment", {"object_id": note["id"], "body": "Well"}),
        "comment thread": await got("comment_thread/"),
        "membership": await got("membership/"),
        "user": await got("user/"),
        "organization": await got(f"organization/{admin.organization_id}/"),
        "me": await got("me/"),
        "role": await got("role/"),
        "pipeline": await got("pipeline/"),
        "export": await made(api, "export/lead", {"format": "csv", "type": "leads"}),
        "bulk email": await made(api, "bulk_action/email", bulk),
        "bulk edit": await made(api, "bulk_action/edit", edit),
        "event": await got("event/"),
    }


async def test_a_thing_of_each_kind_has_every_key_that_close_prints(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    things = await one_of_each(api, admin)
    missing = {kind: sorted(set(keys.split()) - things[kind].keys()) for kind, keys in KEYS.items()}
    assert {kind: keys for kind, keys in missing.items() if keys} == {}
    assert things["call"]["disposition"] == "answered"
    assert things["custom activity"]["_type"] == "CustomActivity"
    assert things["custom activity"]["last_published_at"] is not None
    account = things["connected account"]
    (named,) = things["me"]["email_accounts"]
    assert named == {name: account[name] for name in named}


async def test_what_was_pinned_says_since_when(api: httpx2.AsyncClient) -> None:
    lead = await some_lead(api)
    note = await made(api, "activity/note", {"lead_id": lead["id"], "note": "Hi"})
    path = f"{API}/activity/note/{note['id']}/"
    assert (note["pinned"], note["pinned_at"]) == (False, None)
    pinned = (await api.put(path, json={"pinned": True})).json()
    assert pinned["pinned_at"] >= note["date_created"]
    assert (await api.put(path, json={"note": "Well"})).json()["pinned_at"] == pinned["pinned_at"]
    assert (await api.put(path, json={"pinned": False})).json()["pinned_at"] is None


async def test_an_organization_is_changed_as_close_describes_it(api: httpx2.AsyncClient, admin: ActingUser) -> None:
    path = f"{API}/organization/{admin.organization_id}/"
    before = (await api.get(path)).json()
    assert (before["currency_symbol"], before["enable_unsubscribe_link"]) == ("$", True)
    echoed = (await api.put(path, json=before)).json()
    assert echoed["lead_statuses"] == before["lead_statuses"] and echoed["date_updated"] == before["date_updated"]
    turned = [{"id": one["id"]} for one in reversed(before["lead_statuses"])]
    wanted = {"currency": "EUR", "lead_statuses": turned, "require_unsubscribe_link": True}
    after = (await api.put(path, json=wanted)).json()
    assert [one["id"] for one in after["lead_statuses"]] == [one["id"] for one in turned]
    assert (after["currency"], after["currency_symbol"], after["require_unsubscribe_link"]) == ("EUR", "€", True)
    for wrong in ({"currency": "Euro"}, {"name": " "}, {"lead_statuses": turned[1:]}):
        assert (await api.put(path, json=wrong)).status_code == 400
    assert (await api.get(path)).json() == after


async def test_pinned_views_are_none_and_several_memberships_are_counted(
    api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    member = (await api.get(f"{API}/membership/")).json()["data"][0]
    path = f"{API}/membership/{member['id']}/pinned_views/"
    assert (await api.get(path)).json() == {"saved_view_ids": []}
    assert (await stranger.get(path)).status_code == 404


async def test_lists_that_are_read_whole_end_where_they_are_paged(api: httpx2.AsyncClient) -> None:
    for path in (
        "role",
        "pipeline",
        "status/lead",
        "status/opportunity",
        "api_key",
        "group",
        "connected_account",
        "send_as",
    ):
        whole = (await api.get(f"{API}/{path}/")).json()["data"]
        first = (await api.get(f"{API}/{path}/", params={"_limit": 1})).json()
        assert (first["data"], first["has_more"]) == (whole[:1], len(whole) > 1), path
        behind = (await api.get(f"{API}/{path}/", params={"_skip": len(whole)})).json()
        assert behind == {"data": [], "has_more": False}, path
        assert (await api.get(f"{API}/{path}/", params={"_limit": 0})).json()["data"] == [], path
        assert (await api.get(f"{API}/{path}/", params={"_limit": "many"})).status_code == 400, path
