import { useTranslation } from 'react-i18next';
import { useKeys } from '#/shared/commands/bindings';
import { printKeys, type CommandId } from '#/shared/commands/keymap';

/** The key of a command as this person has it; nothing where it is switched off. */
export function KeyMark({ command }: { command: CommandId }) {
  const { t } = useTranslation();
  const [keys] = useKeys(command);
  return keys ? <kbd className="key">{printKeys(keys, t('shell.then'))}</kbd> : null;
}
