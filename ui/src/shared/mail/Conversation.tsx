import { Button } from '@mantine/core';
import { IconArrowsMoveVertical } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EmailSummary } from '#/shared/api/types';
import { useCommands } from '#/shared/commands/registry';
import { count as printed } from '#/shared/time/format';
import { useComposing } from './composing';
import { foldedOf } from './conversationFold';
import { useDiscarded } from './discard';
import { MessageCard } from './MessageCard';
import classes from './mail.module.css';

/** The emails of a conversation, oldest first; the newest that went or came stands open, or the one that is asked for. */
export function Conversation({ emails, openId }: { emails: EmailSummary[]; openId?: string }) {
  const { t } = useTranslation();
  const writtenNow = useComposing((state) => (state.isOpen ? state.draftId : null));
  const discarded = useDiscarded((state) => state.ids);
  const [areAllOpen, setAreAllOpen] = useState<boolean | null>(null);
  const [isWhole, setIsWhole] = useState(false);
  useCommands({ threadExpand: () => { setIsWhole(true); setAreAllOpen((are) => !are); } });
  const shown = emails.toReversed().filter((email) => email.id !== writtenNow && !discarded.has(email.id)); // the server gives newest first
  const newest = shown.find((email) => email.id === openId) ?? shown.findLast((email) => email.status !== 'draft') ?? shown.at(-1);
  const folded = isWhole || !newest ? null : foldedOf(shown.map((email) => email.id), newest.id);
  const card = (email: EmailSummary) => <MessageCard key={`${email.id} ${areAllOpen}`} email={email} startsOpen={areAllOpen ?? email === newest} hasNote={email.id !== openId} />;
  if (!folded) return shown.map(card);
  return (
    <>
      {shown.slice(0, folded.from).map(card)}
      <div className={classes.folded}>
        <Button size="compact-sm" variant="default" leftSection={<IconArrowsMoveVertical size={14} />} onClick={() => setIsWhole(true)}>{t('mail.more', { count: folded.count, shown: printed(folded.count) })}</Button>
      </div>
      {shown.slice(folded.from + folded.count).map(card)}
    </>
  );
}
