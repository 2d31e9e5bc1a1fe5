import '@mantine/dates/styles.css';
import { Button, Menu, Modal, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import dayjs from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { exactDate } from '#/shared/time/format';
import { laterTimes } from '#/shared/time/laterTimes';

type Props = { title: string; isOpen: boolean; onOpen: (is: boolean) => void; onPick: (at: Date) => void; children: ReactNode; position?: 'bottom-start' | 'top-start' };

/** Moments by name with their exact date, or any other. Used for snoozing and for sending later. */
export function LaterMenu({ title, isOpen, onOpen, onPick, children, position = 'bottom-start' }: Props) {
  const { t } = useTranslation();
  const [isPicking, setIsPicking] = useState(false);
  return (
    <>
      <Menu opened={isOpen} onChange={onOpen} width={310} position={position} trapFocus>
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{title}</Menu.Label>
          {isOpen && laterTimes().map(({ name, at }) => (
            <Menu.Item key={name} rightSection={<Text size="xs" c="var(--text-3)">{exactDate(at)}</Text>} onClick={() => onPick(at)}>{t(`general.later.${name}`)}</Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setIsPicking(true)}>{t('general.later.pick')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isPicking && <PickDialog title={title} onClose={() => setIsPicking(false)} onPick={(at) => { setIsPicking(false); onPick(at); }} />}
    </>
  );
}

function PickDialog({ title, onClose, onPick }: { title: string; onClose: () => void; onPick: (at: Date) => void }) {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState<string | null>(dayjs().add(1, 'day').hour(8).minute(0).second(0).format('YYYY-MM-DD HH:mm:ss'));
  const [earliest] = useState(() => new Date());
  const at = text ? dayjs(text) : null;
  const isFuture = !!at && at.isAfter(earliest);
  return (
    <Modal opened onClose={onClose} title={title} size="sm" centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <DateTimePicker value={text} onChange={setText} locale={i18n.language} minDate={earliest} label={t('mail.date')} valueFormat="DD MMM YYYY HH:mm" popoverProps={{ withinPortal: true }} />
      <Button fullWidth mt="md" disabled={!isFuture} onClick={() => at && onPick(at.toDate())}>{isFuture ? exactDate(at.toDate()) : title}</Button>
    </Modal>
  );
}
