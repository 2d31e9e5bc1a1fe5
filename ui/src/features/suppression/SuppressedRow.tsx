import { ActionIcon, Badge, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Suppressed } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { fullDate, shortDate } from '#/shared/time/format';
import { isKind, removeSuppressed } from './suppression';
import classes from './suppression.module.css';

const COLORS = { complaint: 'red', unsubscribed: 'blue', manual: 'gray', hard_bounce: 'orange', soft_bounce: 'yellow' };

/** One reason of one address, and the way to take it off. */
export function SuppressedRow({ row, mayChange }: { row: Suppressed; mayChange: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const kind = isKind(row.kind) ? row.kind : 'manual';
  const remove = useMutation({
    mutationFn: () => removeSuppressed(row.kind, row.email),
    onSuccess: () => { notifyDone(t('suppression.removed', { email: row.email })); setIsAsking(false); return queries.invalidateQueries({ queryKey: ['suppression', 'list'] }); },
    onError: (problem) => notifyError(problem),
  });
  return (
    <li className={classes.row}>
      <div className={classes.who}>
        <Text size="sm" fw={550} className={classes.address}>{row.email}</Text>
        <Text size="xs" c="var(--text-3)" className={classes.reason} title={row.reason}>{[t(`suppression.source.${row.source}`, { defaultValue: row.source }), row.reason].filter(Boolean).join(' · ')}</Text>
      </div>
      <Badge className={classes.kind} size="sm" variant="light" tt="none" color={COLORS[kind]}>{t(`suppression.kind.${kind}`)}</Badge>
      <Text component="time" dateTime={row.date_created} size="xs" c="var(--text-3)" className={classes.when} title={fullDate(row.date_created)}>{shortDate(row.date_created)}</Text>
      {mayChange && <ActionIcon aria-label={t('suppression.remove', { email: row.email })} onClick={() => setIsAsking(true)}><IconTrash size={16} /></ActionIcon>}
      <ConfirmDialog isOpen={isAsking} title={t('suppression.removeTitle', { email: row.email })} confirmLabel={t('suppression.removeConfirm')} isBusy={remove.isPending} onConfirm={() => remove.mutate()} onClose={() => setIsAsking(false)}>
        <Text size="sm">{t(`suppression.removeText.${kind}`)}</Text>
      </ConfirmDialog>
    </li>
  );
}
