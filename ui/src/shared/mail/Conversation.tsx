import type { EmailSummary } from '#/shared/api/types';
import { useComposing } from './composing';
import { useDiscarded } from './discard';
import { MessageCard } from './MessageCard';

/** The emails of a conversation, oldest first; the newest that went or came stands open, or the one that is asked for. */
export function Conversation({ emails, openId }: { emails: EmailSummary[]; openId?: string }) {
  const writtenNow = useComposing((state) => (state.isOpen ? state.draftId : null));
  const discarded = useDiscarded((state) => state.ids);
  const shown = emails.toReversed().filter((email) => email.id !== writtenNow && !discarded.has(email.id)); // the server gives newest first
  const newest = shown.find((email) => email.id === openId) ?? shown.findLast((email) => email.status !== 'draft') ?? shown.at(-1);
  return shown.map((email) => <MessageCard key={email.id} email={email} startsOpen={email === newest} hasNote={email.id !== openId} />);
}
