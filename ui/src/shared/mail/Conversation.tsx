import type { EmailSummary } from '#/shared/api/types';
import { useComposing } from './composing';
import { MessageCard } from './MessageCard';

/** The emails of a conversation, oldest first; the newest that went or came stands open. */
export function Conversation({ emails }: { emails: EmailSummary[] }) {
  const writtenNow = useComposing((state) => (state.isOpen ? state.draftId : null));
  const shown = emails.toReversed().filter((email) => email.id !== writtenNow); // the server gives newest first
  const newest = shown.findLast((email) => email.status !== 'draft') ?? shown.at(-1);
  return shown.map((email) => <MessageCard key={email.id} email={email} startsOpen={email === newest} />);
}
