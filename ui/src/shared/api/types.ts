/**
 * The server's shapes under the page's names, from its own description (`schema.d.ts`). Where the description says only
 * "text", the few words that it can be stand here.
 */
import type { components } from './schema';

type Schemas = components['schemas'];
/** The same shape, with some keys known more exactly. */
type Known<T, K> = Omit<T, keyof K> & K;

export type Page<T> = { data: T[]; has_more: boolean; total_results?: number };

export type User = Schemas['UserCard'];
export type SignedInUser = Schemas['SignedIn'];
export type AuthState = Schemas['AuthState'];

export type EmailAddress = Schemas['contacts_EmailBody'];
export type Contact = Schemas['ContactCard'];
export type Lead = Schemas['LeadCard'];
export type LeadExport = Schemas['ExportCard'];

/** A lead's custom values stand beside the declared keys, as `custom.cf_…`. */
export type CustomValues = Record<`custom.${string}`, unknown>;
export type LeadStatus = Schemas['StatusCard'];
export type Opportunity = Schemas['OpportunityCard'];
export type Pipeline = Schemas['PipelineCard'];
export type FieldType = 'text' | 'textarea' | 'number' | 'date' | 'datetime' | 'choices' | 'user' | 'contact' | 'hidden';
export type CustomField = Known<Schemas['FieldCard'], { type: FieldType }>;
export type ActivityType = Known<Schemas['ActivityTypeCard'], { fields: CustomField[] }>;
export type CustomActivity = Known<Schemas['CustomActivityCard'], { _type: 'CustomActivity'; status: 'draft' | 'published' }>;
export type Comment = Schemas['CommentCard'];
export type IntegrationLink = Schemas['doors_web_api_integration_links_LinkCard'];
export type Note = Known<Schemas['NoteCard'], { _type: 'Note' }>;
export type Call = Known<Schemas['CallCard'], { _type: 'Call' }>;
export type Happening =
  | Known<Schemas['LeadStatusChangeCard'], { _type: 'LeadStatusChange' }> | Known<Schemas['OpportunityStatusChangeCard'], { _type: 'OpportunityStatusChange' }>
  | Known<Schemas['TaskCompletedCard'], { _type: 'TaskCompleted' }> | Known<Schemas['LeadMergeCard'], { _type: 'LeadMerge' }>
  | Known<Schemas['CreatedCard'], { _type: 'Created' }>;

export type Attachment = Pick<Schemas['AttachmentCard'], 'url' | 'filename' | 'size' | 'content_type'> & { content_id?: string | null; inline_only?: boolean };
export type EmailStatus = 'inbox' | 'draft' | 'scheduled' | 'outbox' | 'sent' | 'error';
type EmailWords = { status: EmailStatus; direction: 'incoming' | 'outgoing' | null };
/** An email with its body. */
export type Email = Known<Schemas['EmailCard'], EmailWords>;
/** An email as conversations list it: without its body. */
export type EmailSummary = Known<Schemas['EmailSummary'], EmailWords>;
export type EmailThread = Known<Schemas['ThreadCard'], { emails: EmailSummary[] }>;
/** One line of a lead's timeline. */
export type TimelineEntry = Known<EmailThread, { _type: 'EmailThread' }> | Note | Call | CustomActivity | Happening;
/** Content of an email on its way to the server; absent keys stay as they are. */
export type EmailWrite = Known<Schemas['emails_EmailBody'], { status?: EmailStatus }>;

export type InboxView = 'inbox' | 'future' | 'archive';
/** A task of any kind. */
export type TaskCard = Schemas['TaskCard'];
export type InboxTask = Known<Schemas['TaskCard'], { view: InboxView; returned: 'time' | 'reply' | null }>;

export type MailBox = 'draft' | 'scheduled' | 'outbox' | 'sent' | 'any';
/** An email as a line of a list. */
export type Mail = Known<Schemas['MailCard'], EmailWords>;

export type SmartView = Schemas['SavedSearchCard'];
export type SmartViewWrite = Schemas['SavedSearchBody'];

export type Template = Schemas['TemplateCard'];
export type TemplateWrite = Schemas['TemplateBody'];

export type BulkStatus = 'draft' | 'created' | 'loading' | 'processing' | 'paused' | 'resuming' | 'done' | 'cancelled' | 'error';
export type BulkReason = 'no_address' | 'invalid' | 'duplicate' | 'unsubscribed' | 'bounced' | 'had_template' | 'missing_value' | 'needs_smtputf8' | 'gone' | 'no_longer_found' | 'in_doubt';
export type BulkEmail = Known<Schemas['BulkEmailRow'], { status: BulkStatus; cause: '' | 'user' | 'limit' | 'account' | 'bounces' | 'refused' }>;
export type BulkEmailWrite = Partial<Schemas['BulkEmailBody']> & Pick<Schemas['BulkEmailBody'], 'template_id'>;
export type BulkOutlook = Schemas['OutlookCard'];
export type BulkRecipient = Schemas['RecipientRow'];

export type Encryption = 'tls' | 'starttls' | 'none';
type Encrypted = { encryption: Encryption };
export type Server = Pick<Known<Schemas['ServerCard'], Encrypted>, 'host' | 'port' | 'encryption'> & { username?: string };
export type Account = Known<Schemas['AccountCard'], { imap: Server | null; smtp: Server | null }>;
export type Identity = Schemas['IdentityCard'];
export type Provider = Known<Schemas['ProviderCard'], { imap: Server | null; smtp: Server | null; kind: 'oauth' | 'password' }>;
export type Candidate = Known<Schemas['CandidateCard'], { imap: Server | null; smtp: Server | null; kind: 'oauth' | 'password' }>;
export type Diagnosis = Schemas['DiagnosisCard'];
export type Proposal = Schemas['ProposalCard'];
export type SenderDecision = Schemas['SenderDecisionCard'];
export type AccountHealthRow = Schemas['HealthCard'];
export type OwnDomain = Schemas['OwnDomainCard'];
export type ProvenIdentity = Schemas['ProvenIdentity'];
export type Writing = Schemas['WritingCard'];
export type OauthClient = Schemas['OauthClientCard'];
export type OauthClientWrite = Schemas['OauthClientBody'];
export type ServerWrite = Known<Schemas['ServerBody'], Encrypted>;
export type AccountWrite = Schemas['AccountBody'];
export type ServerTest = Schemas['ServerReportCard'];
export type ConnectionTest = Schemas['TestCard'];

export type FolderStatus = Schemas['FolderCard'];
export type SyncState = 'ok' | 'error' | 'first_sync' | 'waiting' | 'off';
export type SyncStatus = Known<Schemas['SyncStatusCard'], { state: SyncState }>;
export type SyncRun = Known<Schemas['PullCard'], { result: 'success' | 'partial' | 'error' }>;
export type SyncError = Schemas['SyncErrorCard'];

export type Suppressed = Schemas['SuppressionCard'];
export type SendingDomain = Schemas['SendingDomainCard'];
export type Finding = Schemas['FindingCard'];

export type WhyRow = Schemas['WhyCard'];
export type WhyAnswer = Schemas['WhyAnswer'];

/** One server-sent change; events are no part of the description. */
export type LiveChange = { object_type: string; object_id: string; action: string; lead_id: string | null };

export type RoleId = 'admin' | 'superuser' | 'user' | 'restricteduser';
export type Person = Known<Schemas['MemberCard'], { status: 'active' | 'invited' | 'inactive' }>;
export type AccessLink = Known<Schemas['InvitedCard'], { purpose: 'invitation' | 'password_reset' }>;
export type Role = Schemas['RoleCard'];
export type Group = Schemas['GroupWithMembers'];
export type AccessEntry = Schemas['AccessEntry'];
export type SignedInBrowser = Schemas['SessionCard'];
export type ApiKey = Schemas['KeyCard'];
export type NewApiKey = Schemas['NewKeyCard'];
export type Webhook = Schemas['WebhookCard'];
export type Security = Schemas['SecurityCard'];
export type Enrolment = Schemas['EnrolmentCard'];
export type Preferences = Schemas['PreferencesCard'];

export type ImportStatus = 'draft' | 'checking' | 'checked' | 'running' | 'done' | 'undoing' | 'undone' | 'error';
export type LeadImport = Known<Schemas['ImportCard'], { status: ImportStatus; when_found: 'join' | 'skip' }>;
export type ImportChoices = Schemas['ImportChoices'];
export type ImportRow = Schemas['ImportRowCard'];
