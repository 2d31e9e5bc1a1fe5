import { Menu, Text, TextInput } from '@mantine/core';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { exactDate } from '#/shared/time/format';
import { laterTimes } from '#/shared/time/laterTimes';
import { momentOf } from '#/shared/time/naturalTime';
import { timeThere } from '#/shared/time/timeThere';
import { zoneName } from '#/shared/time/zone';
import { lateCode } from './lateCode';
import { useMenuField } from './useMenuField';

const LaterPick = lazy(() => lateCode(() => import('./LaterPick'))); // calendar and clock weigh more than all else here

type Props = {
  title: string; isOpen: boolean; onOpen: (is: boolean) => void; onPick: (at: Date) => void; children: ReactNode; position?: 'bottom-start' | 'top-start';
  /** Minutes east of UTC where the other one is: every choice then also says their time. */
  thereMinutes?: number | undefined;
  more?: ReactNode;
};

/** Moments by name with their exact date, in one's own words, or any other. For snoozing, sending later and reminders. */
export function LaterMenu({ title, isOpen, onOpen, onPick, children, position = 'bottom-start', thereMinutes, more }: Props) {
  const { t } = useTranslation();
  const [isPicking, setIsPicking] = useState(false);
  const [words, setWords] = useState('');
  const meant = words.trim() ? momentOf(words) : null;
  const pick = (at: Date) => { setWords(''); onOpen(false); onPick(at); };
  const field = useMenuField(isOpen, (typed, isEntered) => {
    const at = isEntered ? momentOf(typed) : null;
    if (at) pick(at);
    else setWords(typed);
  });
  const shown = (at: Date) => <Text size="xs" c="var(--text-3)" ta="right">{exactDate(at)}{thereMinutes !== undefined && <><br />{t('general.later.there', { time: timeThere(at, thereMinutes) })}</>}</Text>;
  return (
    <>
      <Menu opened={isOpen} onChange={(is) => { setWords(''); onOpen(is); }} width={330} position={position} trapFocus withInitialFocusPlaceholder={false}>
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{title}</Menu.Label>
          <TextInput {...field} size="xs" px={8} pb={6} value={words} placeholder={t('general.later.words')} aria-label={t('general.later.words')}
            error={words.trim() && !meant ? t('general.later.notUnderstood') : undefined}
            onChange={(event) => setWords(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && meant) { event.preventDefault(); pick(meant); }
              if (event.key !== 'Escape' && event.key !== 'Tab' && !event.key.startsWith('Arrow')) event.stopPropagation(); // the menu would jump to what begins with this letter
            }} />
          {meant && <Menu.Item rightSection={shown(meant)} onClick={() => pick(meant)}>{words.trim()}</Menu.Item>}
          {isOpen && !words.trim() && laterTimes().map(({ name, at }) => (
            <Menu.Item key={name} rightSection={shown(at)} onClick={() => pick(at)}>{t(`general.later.${name}`)}</Menu.Item>
          ))}
          {more}
          <Menu.Divider />
          <Menu.Item onClick={() => setIsPicking(true)}>{t('general.later.pick')}</Menu.Item>
          <Text size="xs" c="var(--text-3)" px={12} py={4}>{t('general.later.zone', { zone: zoneName() })}</Text>
        </Menu.Dropdown>
      </Menu>
      {isPicking && <Suspense fallback={null}><LaterPick title={title} thereMinutes={thereMinutes} onClose={() => setIsPicking(false)} onPick={(at) => { setIsPicking(false); onPick(at); }} /></Suspense>}
    </>
  );
}
