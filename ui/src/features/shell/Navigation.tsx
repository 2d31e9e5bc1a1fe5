import { ActionIcon, Box, Burger, Button, Group, NavLink, ScrollArea, Tooltip, useComputedColorScheme } from '@mantine/core';
import { IconCalendarClock, IconCheck, IconChecklist, IconClock, IconCommand, IconHelpCircle, IconInbox, IconKeyboard, IconMail, IconMailForward, IconMoon, IconNote, IconPencil, IconSend, IconSettings, IconSun, IconTemplate, IconUpload, IconUsers, type Icon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState, type LinkProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { SignedInUser } from '#/shared/api/types';
import { runCommand } from '#/shared/commands/registry';
import { KeyTip } from '#/shared/parts/KeyTip';
import { inboxCountQuery } from '#/shared/requests/inboxCount';
import { mailCountQuery } from '#/shared/requests/mailLists';
import { count } from '#/shared/time/format';
import { UserMenu } from './UserMenu';
import classes from './shell.module.css';

const MOST_COUNTED = 1000;
const NONE_WAITING = { open: 0, due: 0 };
const NONE_UNSENT = { draft: 0, scheduled: 0, outbox: 0, error: 0 };

/** Every page of the settings that has no entry of its own, and what is reached from there. */
const SETTINGS = /^\/(settings\/(?!accounts|why)|reference)/;

type Props = { user: SignedInUser; isPhone: boolean; onClose: () => void; onHelp: () => void };

export function Navigation({ user, isPhone, onClose, onHelp }: Props) {
  const { t } = useTranslation();
  const { data: waiting = NONE_WAITING } = useQuery(inboxCountQuery);
  const { data: unsent = NONE_UNSENT } = useQuery(mailCountQuery);
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <>
      <Group px="sm" h={54} justify="space-between" wrap="nowrap">
        <UserMenu user={user} />
        {isPhone && <Burger opened onClick={onClose} size="sm" aria-label={t('shell.menu')} />}
      </Group>
      <Box px="sm" pb="xs">
        <KeyTip command="composeNew">
          <Button fullWidth leftSection={<IconPencil size={16} />} onClick={() => { onClose(); runCommand('composeNew'); }}>{t('shell.compose')}</Button>
        </KeyTip>
      </Box>
      <ScrollArea className={classes.places} px="xs" scrollbarSize={6}>
        <Place icon={IconInbox} label={t('shell.place.inbox')} count={waiting.open} to="/mail/$view" params={{ view: 'inbox' }} />
        <Place icon={IconClock} label={t('shell.place.snoozed')} to="/mail/$view" params={{ view: 'snoozed' }} />
        <Place icon={IconCheck} label={t('shell.place.done')} to="/mail/$view" params={{ view: 'done' }} />
        <Place icon={IconChecklist} label={t('shell.place.tasks')} count={waiting.due} to="/tasks" />
        <div className={classes.gap} />
        <Place icon={IconNote} label={t('shell.place.drafts')} count={unsent.draft} to="/mail/$view" params={{ view: 'drafts' }} />
        <Place icon={IconCalendarClock} label={t('shell.place.scheduled')} count={unsent.scheduled} to="/mail/$view" params={{ view: 'scheduled' }} />
        <Place icon={IconUpload} label={t('shell.place.outbox')} count={unsent.outbox + unsent.error} alarm={unsent.error ? t('shell.failed', { count: unsent.error }) : undefined} to="/mail/$view" params={{ view: 'outbox' }} />
        <Place icon={IconSend} label={t('shell.place.sent')} to="/mail/$view" params={{ view: 'sent' }} />
        <div className={classes.section}>{t('shell.place.customers')}</div>
        <Place icon={IconUsers} label={t('shell.place.leads')} to="/leads" />
        <Place icon={IconTemplate} label={t('shell.place.templates')} to="/templates" />
        <Place icon={IconMailForward} label={t('shell.place.bulk')} to="/bulk" />
        <div className={classes.section}>{t('shell.place.setup')}</div>
        <Place icon={IconMail} label={t('shell.place.accounts')} to="/settings/accounts" />
        <Place icon={IconHelpCircle} label={t('shell.place.why')} to="/settings/why" />
        <Place icon={IconSettings} label={t('shell.place.settings')} also={SETTINGS} to="/settings/mail" />
      </ScrollArea>
      <Group px="xs" py={6} gap={2} className={classes.footer}>
        <KeyTip command="appHelp"><ActionIcon size={36} aria-label={t('shell.command.appHelp')} onClick={onHelp}><IconKeyboard size={18} /></ActionIcon></KeyTip>
        <KeyTip command="appPalette"><ActionIcon size={36} aria-label={t('shell.command.appPalette')} onClick={() => runCommand('appPalette')}><IconCommand size={18} /></ActionIcon></KeyTip>
        <Tooltip label={t('shell.command.appTheme')}>
          <ActionIcon size={36} aria-label={t('shell.command.appTheme')} onClick={() => runCommand('appTheme')}>{isDark ? <IconSun size={18} /> : <IconMoon size={18} />}</ActionIcon>
        </Tooltip>
      </Group>
    </>
  );
}

type PlaceProps = { icon: Icon; label: string; count?: number; alarm?: string | undefined; also?: RegExp } & Pick<LinkProps, 'to' | 'params'>;

function Place({ icon: Sign, label, count: number = 0, alarm, also, ...link }: PlaceProps) {
  const isAlso = useRouterState({ select: (state) => also?.test(state.location.pathname) ?? false });
  const counted = number > 0 && <span className={classes.count} data-alarm={alarm ? true : undefined} title={alarm}>{number < MOST_COUNTED ? count(number) : `${count(MOST_COUNTED - 1)}+`}</span>;
  return (
    <NavLink className={classes.link} leftSection={<Sign size={17} stroke={1.7} />} label={label} rightSection={counted}
      renderRoot={(props) => <Link {...props} {...link} activeOptions={{ includeSearch: false }} activeProps={{ 'aria-current': 'page' }} {...(isAlso ? { 'data-status': 'active', 'aria-current': 'true' } : {})} />} />
  );
}
