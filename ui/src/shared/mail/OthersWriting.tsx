import { Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useUser } from '#/shared/requests/authState';
import { threadQuery } from '#/shared/requests/thread';
import { relativeTime } from '#/shared/time/format';
import classes from './mail.module.css';
import { othersWriting } from './othersWriting';

/** Says who else is writing in this conversation, so that nobody is answered twice. */
export function OthersWriting({ threadId }: { threadId: string | null | undefined }) {
  const { t } = useTranslation();
  const me = useUser();
  const { data: thread, dataUpdatedAt } = useQuery({ ...threadQuery(threadId ?? ''), enabled: !!threadId });
  const others = othersWriting(thread?.emails ?? [], me.id, dataUpdatedAt);
  if (!others.length) return null;
  return (
    <div className={classes.others} role="status">
      <IconPencil size={15} aria-hidden />
      <div>{others.map(({ userId, name, at, isNow }) => <Text key={userId} size="sm">{t(isNow ? 'mail.isReplying' : 'mail.hasDraft', { name, when: relativeTime(at) })}</Text>)}</div>
    </div>
  );
}
