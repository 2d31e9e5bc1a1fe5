import { Button, Group, MultiSelect, Skeleton, Switch, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '#/shared/api/types';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { ShownModal } from '#/shared/parts/ShownModal';
import { useUser } from '#/shared/requests/authState';
import { privacyQuery, readersQuery, savePrivacy } from '#/shared/requests/threadPrivacy';
import { userName, usersQuery } from '#/shared/requests/users';
import { fullDate } from '#/shared/time/format';
import classes from './mail.module.css';

type Props = { threadId: string; onClose: () => void };

/** Who sees a conversation: its holders choose; and which coworkers have read it. */
export function WhoSees({ threadId, onClose }: Props) {
  const { t } = useTranslation();
  const privacy = useQuery(privacyQuery(threadId));
  return (
    <ShownModal onClose={onClose} title={t('privacy.title')} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      {privacy.error && <ErrorState error={privacy.error} onRetry={() => void privacy.refetch()} />}
      {!privacy.data && !privacy.error && <Skeleton h={140} radius={10} />}
      {privacy.data && <Choice key={`${threadId} ${privacy.data.is_private} ${privacy.data.reader_ids.join()}`} threadId={threadId} privacy={privacy.data} onClose={onClose} />}
    </ShownModal>
  );
}

type Privacy = { is_private: boolean; coworkers_see: string; holder_ids: string[]; reader_ids: string[]; may_change: boolean };

function Choice({ threadId, privacy, onClose }: Props & { privacy: Privacy }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useUser();
  const { data: users = [] } = useQuery(usersQuery);
  const [isPrivate, setIsPrivate] = useState(privacy.is_private);
  const [readers, setReaders] = useState(privacy.reader_ids);
  const save = useMutation({
    mutationFn: () => savePrivacy(threadId, isPrivate, isPrivate ? readers : []),
    onSuccess: () => {
      for (const key of ['threadPrivacy', 'thread', 'timeline']) void queries.invalidateQueries({ queryKey: [key] });
      notifyDone(t(isPrivate ? 'privacy.nowPrivate' : 'privacy.nowShared'));
      onClose();
    },
    onError: (error) => notifyError(error),
  });
  const names = privacy.holder_ids.map((id) => (id === me.id ? t('privacy.you') : nameOf(users, id)));
  const others = users.filter((user) => !privacy.holder_ids.includes(user.id)).map((user) => ({ value: user.id, label: userName(user) }));
  return (
    <>
      <Text size="sm" c="var(--text-2)">{t('privacy.heldBy', { names: names.join(', ') || t('privacy.nobody') })}</Text>
      <Text size="sm" c="var(--text-2)" mt={4} mb="md">{t(privacy.is_private ? 'privacy.isPrivate' : level(privacy.coworkers_see))}</Text>
      {privacy.may_change && (
        <form onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
          <Switch label={t('privacy.make')} description={t('privacy.makeHint')} checked={isPrivate} onChange={(event) => setIsPrivate(event.currentTarget.checked)} />
          {isPrivate && others.length > 0 && (
            <MultiSelect mt="md" searchable label={t('privacy.readers')} description={t('privacy.readersHint')} data={others} value={readers} onChange={setReaders} placeholder={readers.length ? undefined : t('privacy.nobodyElse')} comboboxProps={{ withinPortal: true }} />
          )}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={onClose}>{t('general.cancel')}</Button>
            <Button type="submit" loading={save.isPending}>{t('general.save')}</Button>
          </Group>
        </form>
      )}
      <Readers threadId={threadId} />
    </>
  );
}

function Readers({ threadId }: { threadId: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(readersQuery(threadId));
  return (
    <section className={classes.readers} aria-label={t('privacy.readBy')}>
      <Text component="h3" size="sm" fw={600}>{t('privacy.readBy')}</Text>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <Text size="sm" c="var(--text-3)">{t('privacy.readByNobody')}</Text>}
      {data && data.length > 0 && (
        <ul>
          {data.map((reader) => (
            <li key={reader.user_id}>
              <Text size="sm" truncate>{reader.user_name}</Text>
              <Text size="xs" c="var(--text-3)">{t('privacy.emailsFirst', { count: reader.emails, date: fullDate(reader.date) })}</Text>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const nameOf = (users: User[], id: string) => {
  const user = users.find((each) => each.id === id);
  return user ? userName(user) : id;
};
const level = (coworkersSee: string) => (coworkersSee === 'nothing' ? 'privacy.nothing' : coworkersSee === 'metadata' ? 'privacy.metadata' : 'privacy.everything');
