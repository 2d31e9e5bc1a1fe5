import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxTask, InboxView } from '#/shared/api/types';
import { useCommands } from '#/shared/commands/registry';
import { BulkBar } from './BulkBar';
import { isForEveryone } from './forEveryone';
import type { useWholeView } from './useWholeView';

type Props = {
  ticked: InboxTask[]; areAllShown: boolean; view: InboxView; whole: ReturnType<typeof useWholeView>; onDone: (tasks: InboxTask[]) => void; onReopen: (tasks: InboxTask[]) => void;
  onSnooze: (tasks: InboxTask[], until: Date) => void; onUnread: (tasks: InboxTask[]) => void; onClear: () => void;
};

/** What can be done with the ticked rows, or, asked for as a second step, with all of the view. */
export function SelectionBar({ ticked, areAllShown, view, whole, onDone, onReopen, onSnooze, onUnread, onClear }: Props) {
  const { t } = useTranslation();
  // Holds while rows come in below; ticking or unticking one goes back to those that are ticked.
  const [wholeSince, setWholeSince] = useState<number | null>(null);
  const isWhole = wholeSince === ticked.length;
  useCommands(isWhole ? { threadDone: () => whole.done() } : {});
  if (isWhole) {
    return <BulkBar label={t('inbox.wholeSelected')} view={view} isBusy={whole.isBusy} onDone={() => whole.done()} onReopen={() => whole.reopen()} onSnooze={(until) => whole.snooze(until)} onClear={onClear} />;
  }
  return (
    <BulkBar label={t('inbox.selected', { count: ticked.length })} isForEveryone={ticked.some(isForEveryone)} view={view} isBusy={whole.isBusy} onDone={() => onDone(ticked)} onReopen={() => onReopen(ticked)} onSnooze={(until) => onSnooze(ticked, until)} onUnread={() => onUnread(ticked)} onClear={onClear}
      whole={areAllShown ? { label: t('inbox.selectWhole'), run: () => setWholeSince(ticked.length) } : undefined} />
  );
}
