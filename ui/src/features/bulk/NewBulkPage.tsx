import { Button, Checkbox, Group, Radio, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { accountsQuery } from '#/shared/requests/accounts';
import { useUser } from '#/shared/requests/authState';
import { templatesQuery } from '#/shared/requests/templates';
import { canTrackQuery } from '#/shared/requests/tracking';
import { shownViewName } from '#/shared/requests/viewNames';
import { draftBulk, viewsQuery } from './bulkRequests';
import { viewQuery } from './standing';
import classes from './bulk.module.css';

export type Start = { view?: string; query?: string; template?: string };
type Props = { start: Start; onDrafted: (bulkId: string) => void };
type Preference = 'lead' | 'contact' | 'all';

const senders = (accounts: Account[], userId: string) => accounts.filter((account) => account.smtp && account.send_enabled && (!account.user_id || account.user_id === userId))
  .flatMap((account) => account.identities.map(({ email, name }) => ({ value: `${account.id} ${email}`, label: name ? `${name} <${email}>` : email })));

/** Whom, with which template, from where; nothing is sent before the next page. */
export function NewBulkPage({ start, onDrafted }: Props) {
  const { t } = useTranslation();
  const me = useUser();
  const { data: views = [] } = useQuery(viewsQuery);
  const { data: templates } = useQuery(templatesQuery(false));
  const { data: accounts } = useQuery(accountsQuery);
  const [from, setFrom] = useState<'view' | 'query'>(start.query === undefined ? 'view' : 'query');
  const [view, setView] = useState<string | null>(start.view ?? null);
  const [query, setQuery] = useState(start.query ?? '');
  const [preference, setPreference] = useState<Preference>('lead');
  const [contacts, setContacts] = useState('');
  const [template, setTemplate] = useState<string | null>(start.template ?? null);
  const [chosen, setSender] = useState<string | null>(null);
  const [leaveOut, setLeaveOut] = useState(false);
  const [doneEmail, setDoneEmail] = useState(true);
  const [tracked, setTracked] = useState<{ track_opens?: boolean; track_clicks?: boolean }>({});
  const { data: canTrack } = useQuery(canTrackQuery);
  const [isBusy, setIsBusy] = useState(false);
  const choices = senders(accounts ?? [], me.id);
  const sender = chosen ?? choices[0]?.value ?? null;
  const account = accounts?.find(({ id }) => id === sender?.split(' ')[0]);
  const named = views.find(({ id }) => id === view);
  const asked = from === 'view' ? (named ? viewQuery(named.name) : '') : query.trim();

  const draft = async () => {
    if (!asked || !template || !sender) return;
    const [accountId = '', ...address] = sender.split(' ');
    setIsBusy(true);
    try {
      const made = await draftBulk({
        template_id: template, query: asked, contact_preference: preference, contact_query: contacts.trim(), email_account_id: accountId,
        sender: address.join(' '), leave_out_missing: leaveOut, send_done_email: doneEmail, ...tracked,
      });
      onDrafted(made.id);
    } catch (error) { notifyError(error); } finally { setIsBusy(false); }
  };

  return (
    <ScrollPage title={t('bulk.new')} hint={t('bulk.newHint')} width="narrow">
      <form onSubmit={(event) => { event.preventDefault(); void draft(); }}>
        <Panel title={t('bulk.whom')}>
          <Stack gap="sm">
            <SegmentedControl value={from} onChange={(next) => setFrom(next as 'view' | 'query')} data={[{ value: 'view', label: t('bulk.byView') }, { value: 'query', label: t('bulk.byQuery') }]} aria-label={t('bulk.whom')} />
            {from === 'view'
              ? <Select label={t('bulk.view')} placeholder={t('bulk.viewPlaceholder')} searchable data={views.map((each) => ({ value: each.id, label: shownViewName(each, t) }))} value={view} onChange={setView} nothingFoundMessage={t('shell.nothingFound')} />
              : <TextInput label={t('bulk.query')} description={t('bulk.queryHint')} value={query} onChange={(event) => setQuery(event.currentTarget.value)} className={classes.code} />}
            <Radio.Group label={t('bulk.which')} value={preference} onChange={(next) => setPreference(next as Preference)}>
              <Stack gap={6} mt={6}>
                <Radio value="lead" label={t('bulk.preference.lead')} />
                <Radio value="contact" label={t('bulk.preference.contact')} />
                <Radio value="all" label={t('bulk.preference.all')} />
              </Stack>
            </Radio.Group>
            <TextInput label={t('bulk.contacts')} description={t('bulk.contactsHint')} value={contacts} onChange={(event) => setContacts(event.currentTarget.value)} className={classes.code} />
          </Stack>
        </Panel>
        <Panel title={t('bulk.what')}>
          <Stack gap="sm">
            <Select label={t('bulk.template')} placeholder={t('bulk.templatePlaceholder')} searchable data={(templates ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={template} onChange={setTemplate} nothingFoundMessage={t('shell.nothingFound')}
              {...(templates?.length !== 0 ? {} : { description: <Link to="/templates/$templateId" params={{ templateId: 'new' }}>{t('bulk.noTemplate')}</Link> })} />
            <Select label={t('bulk.from')} data={choices} value={sender} onChange={setSender} allowDeselect={false} {...(choices.length || !accounts ? {} : { error: <Link to="/settings/accounts/new">{t('bulk.noSender')}</Link> })} />
            <Checkbox label={t('bulk.leaveOutMissing')} checked={leaveOut} onChange={(event) => setLeaveOut(event.currentTarget.checked)} />
            {canTrack && <Checkbox label={t('tracking.opens')} checked={tracked.track_opens ?? account?.track_opens ?? false} onChange={(event) => setTracked({ ...tracked, track_opens: event.currentTarget.checked })} />}
            {canTrack && <Checkbox label={t('tracking.clicks')} checked={tracked.track_clicks ?? account?.track_clicks ?? false} onChange={(event) => setTracked({ ...tracked, track_clicks: event.currentTarget.checked })} />}
            <Checkbox label={t('bulk.tellMe')} checked={doneEmail} onChange={(event) => setDoneEmail(event.currentTarget.checked)} />
          </Stack>
        </Panel>
        <Group justify="space-between">
          <Text size="xs" c="var(--text-3)">{t('bulk.notYet')}</Text>
          <Button type="submit" loading={isBusy} disabled={!asked || !template || !sender}>{t('bulk.preview')}</Button>
        </Group>
      </form>
    </ScrollPage>
  );
}
