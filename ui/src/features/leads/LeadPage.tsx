import { Button, Skeleton, Text } from '@mantine/core';
import { IconArrowLeft, IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '#/shared/commands/registry';
import { openComposing } from '#/shared/mail/composing';
import { useOfferedPlace } from '#/shared/mail/writingPlace';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Initials } from '#/shared/parts/Initials';
import { leadQuery } from '#/shared/requests/lead';
import { ActivityComposer } from './ActivityComposer';
import { ImportNotice } from './ImportNotice';
import { LeadMenu } from './LeadMenu';
import { LeadSide } from './LeadSide';
import { NoteComposer } from './NoteComposer';
import { StatusMenu } from './StatusMenu';
import { Timeline } from './Timeline';
import classes from './leads.module.css';

/** A lead: its people at the left, everything said at the right. */
export function LeadPage({ leadId, threadId, entryId, onGone }: { leadId: string; threadId: string | undefined; entryId: string | undefined; onGone: () => void }) {
  const { t } = useTranslation();
  const { data: lead, error, refetch } = useQuery(leadQuery(leadId));
  const { offer, taken } = useOfferedPlace();
  const name = lead?.display_name ?? '';
  const write = () => {
    const contact = lead?.contacts.find((each) => each.emails.length > 0);
    openComposing({ leadId, to: contact ? [{ email: contact.emails[0]!.email, name: contact.name ?? '' }] : [] });
  };
  useCommands({ composeNew: write });
  useEffect(() => { if (name) document.title = `${name} · Postroom`; }, [name]);
  if (error && !lead) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className={classes.leadPage}>
      <header className={classes.leadHead}>
        <Link to="/leads" className={classes.backLink} aria-label={t('leads.backToList')}><IconArrowLeft size={18} /></Link>
        {lead ? <Initials name={name} size={36} /> : <Skeleton circle h={36} />}
        <div className={classes.leadTitle}>
          {lead ? <Text component="h1" fw={650} size="lg" truncate>{name}</Text> : <Skeleton h={18} w={180} />}
          {lead?.status_label && <StatusMenu lead={lead} />}
        </div>
        <Button className={classes.write} size="xs" leftSection={<IconPencil size={15} />} aria-label={t('leads.write')} onClick={write}><span className={classes.writeLabel}>{t('leads.write')}</span></Button>
        {lead && <LeadMenu lead={lead} onGone={onGone} />}
      </header>
      <div className={classes.leadBody}>
        <aside className={classes.leadSide} aria-label={t('inbox.contacts')}>
          {lead ? <LeadSide lead={lead} /> : <Skeleton h={120} radius={12} />}
        </aside>
        <section className={classes.leadMain} ref={offer} style={{ marginBottom: taken }} aria-label={t('leads.timeline')}>
          <ImportNotice />
          <NoteComposer key={leadId} leadId={leadId} />
          {lead && <ActivityComposer key={`activity ${leadId}`} leadId={leadId} contacts={lead.contacts} />}
          <Timeline leadId={leadId} openThreadId={threadId} openEntryId={entryId} hasContact={!lead || lead.contacts.some((contact) => contact.emails.length > 0)} />
        </section>
      </div>
    </div>
  );
}
