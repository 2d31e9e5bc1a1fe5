import { Badge, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lead } from '#/shared/api/types';
import { useCommands } from '#/shared/commands/registry';
import { Initials } from '#/shared/parts/Initials';
import { usePreferences } from '#/shared/preferences';
import { count, fullDate, shortDate } from '#/shared/time/format';
import { chosenColumns, leastOf, templateOf, type ColumnId } from './columns';
import { sortingOf } from './sorting';
import classes from './leadList.module.css';

const HEIGHTS = { comfortable: 52, compact: 38 }; // pixels

type Props = {
  leads: Lead[]; isPending: boolean; hasMore: boolean; onMore: () => void; onOpen: (leadId: string) => void; words: string; columns: string[];
  onSort: (field: string, isDescendingFirst: boolean) => void; selected: ReadonlySet<string>; onTick: (id: string) => void; onTickTo: (id: string) => void; onTickAll: () => void;
};

/** The leads as a long table of which only the rows in view exist. */
export function LeadRows({ leads, isPending, hasMore, onMore, onOpen, words, columns, onSort, selected, onTick, onTickTo, onTickAll }: Props) {
  const { t } = useTranslation();
  const density = usePreferences((state) => state.density);
  const height = HEIGHTS[density];
  const isRoomy = density === 'comfortable';
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const total = isPending ? 14 : leads.length + (hasMore ? 10 : 0);
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 10 });
  useEffect(() => virtual.measure(), [virtual, height]);
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => { if (hasMore && lastShown >= leads.length - 20) onMore(); });

  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(leads.length - 1, index));
    setAt(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  const current = leads[at];
  useCommands({
    listNext: () => goTo(at + 1), listPrevious: () => goTo(at - 1), listFirst: () => goTo(0), listLast: () => goTo(leads.length - 1),
    ...(current && { listOpen: () => onOpen(current.id), listSelect: () => onTick(current.id), listSelectRange: () => onTickTo(current.id) }),
  });

  const shown = chosenColumns(columns);
  const grid = { gridTemplateColumns: templateOf(columns) };
  const least = { minWidth: leastOf(columns) };
  return (
    <div className={classes.table}>
      <div className={classes.headings} style={{ ...grid, ...least }}>
        <UnstyledButton className={classes.tick} role="checkbox" aria-checked={leads.length > 0 && selected.size === leads.length} aria-label={t('shell.command.listSelectAll')} onClick={onTickAll}><span className={classes.box} data-on={(leads.length > 0 && selected.size === leads.length) || undefined} /></UnstyledButton>
        <Heading label={t('leadList.column.name')} sort="name" words={words} onSort={() => onSort('name', false)} />
        {shown.map(({ id, sort }) => <Heading key={id} label={t(`leadList.column.${id}`)} sort={sort} words={words} onSort={() => { if (sort) onSort(sort, id !== 'status'); }} />)}
      </div>
      <div ref={scroller} className={classes.scroller} style={least} role="list" aria-label={t('shell.place.leads')} aria-busy={isPending} tabIndex={0}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {rows.map((row) => {
            const lead = leads[row.index];
            const style = { transform: `translateY(${row.start}px)`, height };
            if (!lead) return <div key={row.key} className={classes.slot} style={style} aria-hidden><div className={classes.skeleton} /></div>;
            return (
              <div key={lead.id} className={classes.slot} style={style} role="listitem" aria-setsize={leads.length} aria-posinset={row.index + 1}>
                <div className={classes.row} style={grid} data-current={row.index === at || undefined} data-ticked={selected.has(lead.id) || undefined}>
                  <UnstyledButton className={classes.tick} role="checkbox" aria-checked={selected.has(lead.id)} aria-label={t('leadList.select', { name: lead.display_name })} onClick={(event) => (event.shiftKey ? onTickTo : onTick)(lead.id)}><span className={classes.box} data-on={selected.has(lead.id) || undefined} /></UnstyledButton>
                  <Link to="/leads/$leadId" params={{ leadId: lead.id }} className={classes.leadCell}><Initials name={lead.display_name} size={30} /><span className={classes.leadNames}><span className={classes.leadName}>{lead.display_name}</span>{isRoomy && <span className={classes.leadPeople}>{peopleOf(lead)}</span>}</span></Link>
                  {shown.map(({ id }) => <Cell key={id} id={id} lead={lead} />)}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Heading({ label, sort, words, onSort }: { label: string; sort: string | null; words: string; onSort: () => void }) {
  const sorting = sortingOf(words);
  if (!sort) return <span className={classes.heading}>{label}</span>;
  const isSorted = sorting?.field === sort;
  const Sign = sorting?.isDescending ? IconArrowDown : IconArrowUp;
  return <UnstyledButton className={classes.heading} data-sorted={isSorted || undefined} onClick={onSort}>{label}{isSorted && <Sign size={13} aria-label={sorting.isDescending ? '↓' : '↑'} />}</UnstyledButton>;
}

/** The first of its people, and how many more there are. */
function peopleOf(lead: Lead): string {
  const people = lead.contacts.map((contact) => contact.name || contact.emails[0]?.email).filter(Boolean);
  return `${people.slice(0, 3).join(', ')}${people.length > 3 ? ` +${people.length - 3}` : ''}`;
}

function Cell({ id, lead }: { id: ColumnId; lead: Lead }) {
  if (id === 'contacts') {
    return <span className={classes.people}>{peopleOf(lead)}</span>;
  }
  if (id === 'email') return <span className={classes.email}>{lead.contacts.flatMap((contact) => contact.emails)[0]?.email}</span>;
  if (id === 'status') return <span className={classes.statusCell}>{lead.status_label && <Badge variant="light" color="gray" size="sm" tt="none">{lead.status_label}</Badge>}</span>;
  if (id === 'emails') return <span className={classes.number}>{count(lead.num_emails)}</span>;
  const moment = id === 'created' ? lead.date_created : id === 'updated' ? lead.date_updated : lead.last_activity_date;
  return moment ? <time className={classes.date} dateTime={moment} title={fullDate(moment)}>{shortDate(moment)}</time> : <span className={classes.date}>–</span>;
}
