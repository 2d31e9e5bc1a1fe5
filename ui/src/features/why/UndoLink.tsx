import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { del } from '#/shared/api/client';
import { notifyDone, notifyError } from '#/shared/parts/notify';

/** Takes an email off a lead it does not belong to; no mailbox brings it back. */
export function UndoLink({ emailId }: { emailId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const undo = useMutation({
    mutationFn: () => del('/activity/email/{email_id}/', { at: { email_id: emailId } }),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['why'] }); notifyDone(t('links.undone')); },
    onError: (error) => notifyError(error),
  });
  return <Button size="compact-xs" variant="subtle" loading={undo.isPending} onClick={() => undo.mutate()}>{t('links.undo')}</Button>;
}
