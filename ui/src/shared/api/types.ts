/**
 * The shapes the server speaks, as far as the page reads them. Names are Close's where Close has the thing; the rest is
 * Postroom's own. Everything that the page knows about the wire stands here, so generated types can take its place.
 */
export type Page<T> = { data: T[]; has_more: boolean; total_results?: number };

export type User = { id: string; email: string; first_name: string; last_name: string };
export type SignedInUser = User & { role: string; organization_id: string; organization_name: string };
export type AuthState = { needs_setup: boolean; sandbox: boolean; user: SignedInUser | null };

export type EmailAddress = { email: string; type: string };
export type Contact = {
  id: string; lead_id: string; name: string | null; display_name?: string; title?: string | null; emails: EmailAddress[];
};
export type Lead = {
  id: string; display_name: string; name: string | null; description?: string | null; url?: string | null;
  status_id?: string | null; status_label?: string | null; contacts: Contact[]; date_created: string; date_updated: string;
};
export type LeadStatus = { id: string; label: string };

export type Attachment = {
  url: string; filename: string; size: number; content_type: string; content_id?: string | null; inline_only?: boolean;
};
export type EmailStatus = 'inbox' | 'draft' | 'scheduled' | 'outbox' | 'sent' | 'error';
export type Email = {
  _type: 'Email'; id: string; lead_id: string | null; contact_id: string | null; user_id: string | null;
  status: EmailStatus; direction: 'incoming' | 'outgoing' | null; sender: string | null; to: string[]; cc: string[]; bcc: string[];
  subject: string | null; body_text?: string | null; body_html?: string | null; body_preview?: string | null;
  attachments: Attachment[]; thread_id: string | null; in_reply_to_id: string | null;
  email_account_id?: string | null; send_attempts?: Record<string, string>[];
  date_created: string; activity_at: string | null; date_sent: string | null; date_scheduled: string | null;
};
export type EmailThread = {
  _type: 'EmailThread'; id: string; lead_id: string | null; contact_id: string | null; emails: Email[]; n_emails: number;
  latest_normalized_subject: string | null; participants: { email: string; name: string }[]; activity_at: string | null;
  date_created: string; date_updated: string;
};

/** Content of an email on its way to the server; absent keys stay as they are. */
export type EmailWrite = {
  lead_id?: string; contact_id?: string | null; status?: EmailStatus; sender?: string; to?: string[]; cc?: string[]; bcc?: string[];
  subject?: string; body_html?: string; body_text?: string; attachments?: Attachment[]; email_account_id?: string | null;
  in_reply_to_id?: string | null; date_scheduled?: string | null; send_in?: number;
};

export type InboxView = 'inbox' | 'future' | 'archive';
export type InboxTask = {
  id: string; _type: string; assigned_to: string | null; assigned_to_name?: string | null; lead_id: string | null;
  lead_name: string | null; contact_id: string | null; contact_name: string | null; date: string | null; is_complete: boolean;
  view: InboxView; object_id: string | null; object_type: string | null; subject: string | null; body_preview: string | null;
  emails: string[]; date_created: string; date_updated: string;
  // Postroom's own:
  sender?: string | null; is_read?: boolean; has_attachments?: boolean; n_emails?: number;
};

export type Encryption = 'tls' | 'starttls' | 'none';
export type Server = { host: string; port: number; encryption: Encryption; username?: string };
export type Status = 'ok' | 'error';
export type Account = {
  id: string; _type: string; user_id: string | null; email: string; provider: string; display_name: string; reply_to: string;
  is_default: boolean; is_active: boolean; sync_enabled: boolean; send_enabled: boolean;
  receive_status: Status; receive_error: string; receive_remedy: string;
  send_status: Status; send_error: string; send_remedy: string;
  poll_seconds: number; sync_direction: string; history_from: string | null; auto_link?: string; archive_sync: boolean; read_sync: boolean;
  emails_sent_today: number; identities: Identity[]; imap: Server | null; smtp: Server | null; date_created: string;
};
export type Identity = { email: string; name: string };
export type Provider = {
  key: string; name: string; imap: Server | null; smtp: Server | null; needs_app_password: boolean; app_password_url: string;
  kind: 'oauth' | 'password'; hint: string;
};
export type ServerWrite = { host: string; port?: number; encryption: Encryption; username?: string; password?: string };
export type AccountWrite = Partial<Omit<Account, 'imap' | 'smtp' | 'id' | '_type'>> & {
  imap?: ServerWrite | null; smtp?: ServerWrite | null; history_days?: number | null;
};
export type ConnectionStep = { name: string; ok: boolean; detail: string };
export type ServerTest = {
  ok: boolean; steps: ConnectionStep[]; error: string; remedy: string; next_step: string; help_url: string;
};
export type ConnectionTest = { imap: ServerTest | null; smtp: ServerTest | null };

export type Progress = { done: number; total: number; seconds_left: number | null };
export type FolderStatus = {
  id: string | number; name: string; role: string; is_synced: boolean; on_server: number; seen: number; kept: number; failed: number;
  error: string; last_pull: string | null; left_out?: Record<string, number>;
};
export type SyncStatus = {
  state: 'ok' | 'error' | 'first_sync' | 'waiting'; last_sync: string | null; emails_seen: number; emails_kept: number;
  emails_left_out: Record<string, number>; emails_failed: number; sent_today: number; received_today: number;
  progress: Progress | null; next_poll: string | null; can_push: boolean; folders: FolderStatus[];
};
export type SyncRun = {
  time: string; direction: string; seen: number; kept: number; failed: number; result: 'success' | 'partial' | 'error'; error: string;
};
export type SyncError = { folder: string; uid: number; error: string; attempts: number; next_try: string | null };

export type WhyLead = { lead_id: string; lead_name: string; email_id: string; reason_text: string };
export type WhyRow = {
  account_id: string; account_email: string; folder: string; uid: number; date: string | null; verdict: string; verdict_text: string;
  rule: string | null; leads: WhyLead[];
};
export type WhyAnswer = { kind: string; data: WhyRow[]; not_seen_in: { account_email: string; hint: string }[] };

export type LiveChange = { object_type: string; object_id: string; action: string; lead_id: string | null };
