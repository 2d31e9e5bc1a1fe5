import '@mantine/dates/styles.css';
import { Button, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { exactDate } from '#/shared/time/format';
import { timeThere } from '#/shared/time/timeThere';
import { momentAt, wallNow, wallOf, zoneName } from '#/shared/time/zone';
import { ShownModal } from './ShownModal';

const TYPED = 'YYYY-MM-DD HH:mm:ss';

/** Any moment to come, from a calendar. */
export default function LaterPick({ title, thereMinutes, onClose, onPick }: { title: string; thereMinutes: number | undefined; onClose: () => void; onPick: (at: Date) => void }) {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState<string | null>(() => wallNow().add(1, 'day').hour(8).minute(0).second(0).format(TYPED));
  const [earliest] = useState(() => new Date());
  // The field knows no zones: what is typed is what the clock on the reader's wall will show.
  const at = text ? momentAt(text.slice(0, 10), text.slice(11)) : null;
  const isFuture = !!at && at > earliest;
  return (
    <ShownModal onClose={onClose} title={title} size="sm" centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <DateTimePicker value={text} onChange={setText} locale={i18n.language} minDate={wallOf(earliest).format(TYPED)} label={t('mail.date')} valueFormat="DD MMM YYYY HH:mm" popoverProps={{ withinPortal: true }} />
      <Text size="xs" c="var(--text-3)" mt={6}>{t('general.later.zone', { zone: zoneName() })}{isFuture && thereMinutes !== undefined && ` · ${t('general.later.there', { time: timeThere(at, thereMinutes) })}`}</Text>
      <Button fullWidth mt="md" disabled={!isFuture} onClick={() => at && onPick(at)}>{isFuture ? exactDate(at) : title}</Button>
    </ShownModal>
  );
}
