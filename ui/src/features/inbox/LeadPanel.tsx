import { Badge, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { openComposing } from '#/shared/mail/composing';
import { Initials } from '#/shared/parts/Initials';
import { leadQuery } from '#/shared/requests/lead';
import { leadThreadsQuery } from '#/shared/requests/leadThreads';
import { shortDate } from '#/shared/time/format';
import classes from './inbox.module.css';

const RECENT = 6;

/** Who this conversation is with, and what was said lately. */
export function LeadPanel({ leadId }: { leadId: string }) {
  const { t } = useTranslation();
  const { data: lead } = useQuery(leadQuery(leadId));
  const { data: threads } = useQuery(leadThreadsQuery(leadId, RECENT));
  return (
    <aside className={classes.leadPanel} aria-label={t('inbox.lead')}>
      {lead && (
        <>
          <Text component={Link} to="/leads/$leadId" params={{ leadId } as never} fw={650} c="inherit" td="none">{lead.display_name}</Text>
          {lead.status_label && <div><Badge variant="light" color="gray" size="sm" tt="none" mt={4}>{lead.status_label}</Badge></div>}
          <h3 className={classes.panelLabel}>{t('inbox.contacts')}</h3>
          {lead.contacts.map((contact) => (
            <div key={contact.id} className={classes.person}>
              <Initials name={contact.name || contact.emails[0]?.email || '?'} size={30} />
              <div className={classes.personText}>
                <Text size="sm" truncate>{contact.name || contact.emails[0]?.email}</Text>
                {contact.emails[0] && (
                  <Text component="button" type="button" size="xs" c="var(--text-3)" truncate maw="100%" style={{ border: 0, background: 'none', padding: 0, cursor: 'pointer' }}
                    onClick={() => openComposing({ leadId, to: [{ email: contact.emails[0]!.email, name: contact.name ?? '' }] })}>{contact.emails[0].email}</Text>
                )}
              </div>
            </div>
          ))}
        </>
      )}
      {threads && threads.data.length > 0 && (
        <>
          <h3 className={classes.panelLabel}>{t('inbox.recent')}</h3>
          {threads.data.map((thread) => (
            <Link key={thread.id} className={classes.recent} to="/leads/$leadId" params={{ leadId }} search={{ thread: thread.id }}>
              <Text size="xs" fw={550} truncate>{thread.latest_normalized_subject || t('mail.noSubject')}</Text>
              <Text size="xs" c="var(--text-3)">{shortDate(thread.activity_at ?? thread.date_updated)} · {t('inbox.emails', { count: thread.n_emails })}</Text>
            </Link>
          ))}
        </>
      )}
    </aside>
  );
}
