import { MultiSelect, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { changeSendAs, sendAsQuery } from '#/shared/requests/sendAs';
import { userName, usersQuery } from '#/shared/requests/users';

/** Which coworkers may send from my accounts, and whose accounts I may send from. */
export function SendAsPanel() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useUser();
  const { data: users = [] } = useQuery(usersQuery);
  const { data: lent } = useQuery(sendAsQuery);
  const coworkers = users.filter((user) => user.id !== me.id);
  const allowed = (lent ?? []).filter((each) => each.allowing_user_id === me.id).map((each) => each.allowed_user_id);
  const lenders = (lent ?? []).filter((each) => each.allowed_user_id === me.id).map((each) => each.allowing_user_id);
  const save = useMutation({
    mutationFn: (chosen: string[]) => changeSendAs(chosen.filter((id) => !allowed.includes(id)), allowed.filter((id) => !chosen.includes(id))),
    onSuccess: () => notifyDone(t('general.saved')),
    onError: (error) => notifyError(error),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sendAs'] }), // what was chosen stands until it is read back
  });
  if (!coworkers.length) return null;
  const names = users.filter((user) => lenders.includes(user.id)).map(userName).join(', ');
  return (
    <Panel title={t('privacy.sendAs.title')} hint={t('privacy.sendAs.hint')}>
      <MultiSelect searchable label={t('privacy.sendAs.mine')} description={t('privacy.sendAs.mineHint')} placeholder={allowed.length ? undefined : t('privacy.sendAs.none')}
        data={coworkers.map((user) => ({ value: user.id, label: userName(user) }))} value={save.isPending ? save.variables : allowed} disabled={!lent} onChange={(chosen) => save.mutate(chosen)} />
      {names && <Text size="sm" mt="md" c="var(--text-2)">{t('privacy.sendAs.others', { names })}</Text>}
    </Panel>
  );
}
