import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '#/shared/commands/bindings';
import { printKeys, type CommandId } from '#/shared/commands/keymap';

/** A tooltip that names the action and shows its key. */
export function KeyTip({ command, label, children }: { command: CommandId; label?: string; children: ReactElement }) {
  const { t } = useTranslation();
  const text = label ?? t(`shell.command.${command}`);
  const [keys] = useKeys(command);
  return <Tooltip label={<>{text} {keys && <kbd className="key">{printKeys(keys, t('shell.then'))}</kbd>}</>}>{children}</Tooltip>;
}
