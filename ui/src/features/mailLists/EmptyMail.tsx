import { IconClock, IconMailSearch, IconPencil, IconSend, IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { MailBox } from '#/shared/api/types';
import { openComposing } from '#/shared/mail/composing';
import { EmptyState } from '#/shared/parts/EmptyState';

const SIGNS = { draft: IconPencil, scheduled: IconClock, outbox: IconUpload, sent: IconSend, any: IconMailSearch };

/** Nothing here: what will be, or what to type. */
export function EmptyMail({ box, words, onClear }: { box: MailBox; words: string; onClear: () => void }) {
  const { t } = useTranslation();
  if (words) return <EmptyState icon={IconMailSearch} title={t('lists.nothingFound', { words })} hint={t('lists.nothingFoundHint')} action={{ label: t('leads.clearSearch'), run: onClear }} />;
  const action = box === 'draft' || box === 'sent' ? { action: { label: t('shell.command.composeNew'), run: () => openComposing() } } : {};
  return <EmptyState icon={SIGNS[box]} title={t(`lists.none.${box}`)} hint={t(`lists.noneHint.${box}`)} {...action} />;
}
