import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { holdKeys } from '#/shared/commands/heldKeys';
import { useFallbackCommands } from '#/shared/commands/registry';
import { openComposing } from '#/shared/mail/composing';
import { undo } from '#/shared/parts/undo';
import { openPalette, withLayers } from './layers';

type MailView = 'inbox' | 'snoozed' | 'done' | 'drafts' | 'scheduled' | 'outbox' | 'sent' | 'search';

/** The commands that work on every page. */
export function useShellCommands(onHelp: () => void): void {
  const navigate = useNavigate();
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const mail = (view: MailView) => () => void navigate({ to: '/mail/$view', params: { view } });
  useFallbackCommands({
    appPalette: openPalette,
    appHelp: () => withLayers(onHelp),
    appTheme: () => setColorScheme(scheme === 'dark' ? 'light' : 'dark'),
    appUndo: () => void undo(),
    composeNew: () => openComposing(),
    goInbox: mail('inbox'),
    goSnoozed: mail('snoozed'),
    goDone: mail('done'),
    goDrafts: mail('drafts'),
    goScheduled: mail('scheduled'),
    goOutbox: mail('outbox'),
    goSent: mail('sent'),
    goSearch: () => { holdKeys(); mail('search')(); },
    goTasks: () => void navigate({ to: '/tasks', search: {} }),
    goLeads: () => void navigate({ to: '/leads' }),
    goTemplates: () => void navigate({ to: '/templates' }),
    goSignature: () => void navigate({ to: '/settings/signature' }),
    templateNew: () => void navigate({ to: '/templates/$templateId', params: { templateId: 'new' } }),
    goAccounts: () => void navigate({ to: '/settings/accounts' }),
    goSettings: () => void navigate({ to: '/settings/mail' }),
    goWhy: () => void navigate({ to: '/settings/why' }),
  });
}
