import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { firstKey, printKeys, type CommandId } from '#/shared/commands/keymap';

/** A tooltip that names the action and shows its key. */
export function KeyTip({ command, label, children }: { command: CommandId; label?: string; children: ReactElement }) {
  const { t } = useTranslation();
  const text = label ?? t(`shell.command.${command}`);
  return <Tooltip label={<>{text} <kbd className="key">{printKeys(firstKey(command), t('shell.then'))}</kbd></>}>{children}</Tooltip>;
}
