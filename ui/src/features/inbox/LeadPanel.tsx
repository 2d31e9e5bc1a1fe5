import { Skeleton, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lead } from '#/shared/api/types';
import { useCommands } from '#/shared/commands/registry';
import { leadQuery } from '#/shared/requests/lead';
import { leadThreadsQuery } from '#/shared/requests/leadThreads';
import { shortDate } from '#/shared/time/format';
import classes from './inbox.module.css';

const RECENT = 6;

type Props = {
  leadId: string;
  /** The editable parts of a lead: they belong to the lead page, and the route brings them here. */
  parts: (lead: Lead) => ReactNode;
};

/** Who this conversation is with, what is to do for them, and what was said lately. */
export function LeadPanel({ leadId, parts }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isShown = useMediaQuery('(min-width: 80.01em)', true, { getInitialValueInEffect: false });
  const panel = useRef<HTMLElement>(null);
  const cameFrom = useRef<HTMLElement | null>(null);
  const { data: lead } = useQuery({ ...leadQuery(leadId), enabled: isShown });
  const { data: threads } = useQuery({ ...leadThreadsQuery(leadId, RECENT), enabled: isShown });
  const enter = () => {
    if (!isShown) { void navigate({ to: '/leads/$leadId', params: { leadId } }); return; }
    cameFrom.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    panel.current?.focus();
  };
  useCommands({ threadLead: enter });
  const leave = (event: KeyboardEvent) => {
    // Escape leaves the panel, not the conversation. A menu or a dialog that was open has taken it already.
    if (event.key !== 'Escape' || event.defaultPrevented || !panel.current?.contains(event.target as Node)) return;
    event.preventDefault();
    const back = cameFrom.current;
    if (back?.isConnected && back !== document.body) back.focus(); else (document.activeElement as HTMLElement | null)?.blur();
  };
  if (!isShown) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leaves from any field or button in it
    <aside ref={panel} tabIndex={-1} className={classes.leadPanel} aria-label={t('inbox.lead')} onKeyDown={leave}>
      {!lead && <Skeleton h={160} radius={12} />}
      {lead && (
        <>
          <Text component={Link} to="/leads/$leadId" params={{ leadId } as never} className={classes.leadName} fw={650} c="inherit" td="none">{lead.display_name}</Text>
          <Suspense fallback={<Skeleton mt={12} h={160} radius={12} />}>{parts(lead)}</Suspense>
        </>
      )}
      {threads && threads.data.length > 0 && (
        <div className={classes.recents}>
          <Text component="h2" fw={600} size="sm" mb={6}>{t('inbox.recent')}</Text>
          {threads.data.map((thread) => (
            <Link key={thread.id} className={classes.recent} to="/leads/$leadId" params={{ leadId }} search={{ thread: thread.id }}>
              <Text size="xs" fw={550} truncate>{thread.latest_normalized_subject || t('mail.noSubject')}</Text>
              <Text size="xs" c="var(--text-3)">{shortDate(thread.activity_at ?? thread.date_updated)} · {t('inbox.emails', { count: thread.n_emails })}</Text>
            </Link>
          ))}
        </div>
      )}
    </aside>
  );
}
