import { Badge } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lead } from '#/shared/api/types';
import { useCommands } from '#/shared/commands/registry';
import { Initials } from '#/shared/parts/Initials';
import { fullDate, shortDate } from '#/shared/time/format';
import classes from './leads.module.css';

const ROW = 52; // pixels

const when = (lead: Lead) => lead.last_activity_date ?? lead.date_updated;

type Props = { leads: Lead[]; isPending: boolean; hasMore: boolean; onMore: () => void; onOpen: (leadId: string) => void };

/** The leads as a long table of which only the rows in view exist. */
export function LeadRows({ leads, isPending, hasMore, onMore, onOpen }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const total = isPending ? 14 : leads.length + (hasMore ? 10 : 0);
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => { if (hasMore && lastShown >= leads.length - 20) onMore(); });

  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(leads.length - 1, index));
    setAt(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  useCommands({
    listNext: () => goTo(at + 1), listPrevious: () => goTo(at - 1), listFirst: () => goTo(0), listLast: () => goTo(leads.length - 1),
    listOpen: () => { const lead = leads[at]; if (lead) onOpen(lead.id); },
  });

  return (
    <div ref={scroller} className={classes.scroller} role="list" aria-label={t('shell.place.leads')} aria-busy={isPending} tabIndex={0}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {rows.map((row) => {
          const lead = leads[row.index];
          const style = { transform: `translateY(${row.start}px)`, height: ROW };
          if (!lead) return <div key={row.key} className={classes.slot} style={style} aria-hidden><div className={classes.skeleton} /></div>;
          const people = lead.contacts.map((contact) => contact.name || contact.emails[0]?.email).filter(Boolean);
          return (
            <div key={lead.id} className={classes.slot} style={style} role="listitem" aria-setsize={leads.length} aria-posinset={row.index + 1}>
              <Link to="/leads/$leadId" params={{ leadId: lead.id }} className={classes.row} data-current={row.index === at || undefined}>
                <span className={classes.leadCell}><Initials name={lead.display_name} size={30} /><span className={classes.leadName}>{lead.display_name}</span></span>
                <span className={classes.people}>{people.slice(0, 3).join(', ')}{people.length > 3 && ` +${people.length - 3}`}</span>
                <span className={classes.email}>{lead.contacts.flatMap((contact) => contact.emails)[0]?.email}</span>
                <span className={classes.statusCell}>{lead.status_label && <Badge variant="light" color="gray" size="sm" tt="none">{lead.status_label}</Badge>}</span>
                <time className={classes.date} dateTime={when(lead)} title={fullDate(when(lead))}>{shortDate(when(lead))}</time>
              </Link>
            </div>
          );
        })}
      </div>
    </div>
  );
}
