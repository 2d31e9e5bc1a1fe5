import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Mail } from '#/shared/api/types';
import { useAfterPaint } from '#/shared/parts/useAfterPaint';
import { mailQuery } from '#/shared/requests/mailLists';

/** The open email and its place: from the list, or from the server when it has left the list. */
export function useOpenMail(items: Mail[], openId: string | undefined, isListPending: boolean) {
  const at = useMemo(() => items.findIndex((mail) => mail.id === openId), [items, openId]);
  const isElsewhere = !!openId && at < 0 && !isListPending;
  const { data: elsewhere, isPending } = useQuery({ ...mailQuery(openId ?? ''), enabled: isElsewhere });
  const mail = items[at] ?? (isElsewhere ? elsewhere ?? undefined : undefined);
  return { at, mail, shown: useAfterPaint(mail), isGone: isElsewhere && !isPending && !elsewhere };
}
