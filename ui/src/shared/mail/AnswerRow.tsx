import { Button, Group } from '@mantine/core';
import { IconArrowBackUp, IconArrowBackUpDouble, IconArrowForwardUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EmailSummary } from '#/shared/api/types';
import { KeyTip } from '#/shared/parts/KeyTip';
import { useComposing } from './composing';
import { newestOut } from './reply';
import { startReply, useReadyAnswer } from './startReply';

/** Where reading ends: the ways to answer the newest email, gone while one of them is being written. */
export function AnswerRow({ emails }: { emails: readonly EmailSummary[] }) {
  const { t } = useTranslation();
  const isWriting = useComposing((state) => state.isOpen);
  const newest = newestOut(emails);
  useReadyAnswer(newest?.id);
  if (!newest || isWriting) return null;
  const others = new Set([...newest.to, ...newest.cc]).size > 1;
  return (
    <Group gap={8} mt={4}>
      <KeyTip command="threadReply"><Button size="xs" variant="default" leftSection={<IconArrowBackUp size={15} />} onClick={() => void startReply(newest.id, 'reply')}>{t('mail.reply')}</Button></KeyTip>
      {others && <KeyTip command="threadReplyAll"><Button size="xs" variant="default" leftSection={<IconArrowBackUpDouble size={15} />} onClick={() => void startReply(newest.id, 'replyAll')}>{t('mail.replyAll')}</Button></KeyTip>}
      <KeyTip command="threadForward"><Button size="xs" variant="default" leftSection={<IconArrowForwardUp size={15} />} onClick={() => void startReply(newest.id, 'forward')}>{t('mail.forward')}</Button></KeyTip>
    </Group>
  );
}
