import { Group, Modal, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { keysOf } from '#/shared/commands/bindings';
import { KEY_GROUPS, KEYMAP, printKeys } from '#/shared/commands/keymap';
import { usePreferences } from '#/shared/preferences';

export function ShortcutHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const shortcuts = usePreferences((state) => state.shortcuts);
  return (
    <Modal opened={isOpen} onClose={onClose} title={<Text fw={650}>{t('shell.command.appHelp')}</Text>} size="xl" closeButtonProps={{ 'aria-label': t('general.close') }}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl" verticalSpacing="lg">
        {KEY_GROUPS.map((group) => (
          <section key={group}>
            <Text component="h3" size="xs" fw={600} c="var(--text-3)" mb={6}>{t(`shell.group.${group}`)}</Text>
            {KEYMAP.filter((row) => row.group === group).map((row) => (
              <Group key={row.id} justify="space-between" py={3} wrap="nowrap">
                <Text size="sm">{t(`shell.command.${row.id}`)}</Text>
                <Group gap={4} wrap="nowrap">{keysOf(row.id, shortcuts).map((keys) => <kbd className="key" key={keys}>{printKeys(keys, t('shell.then'))}</kbd>)}</Group>
              </Group>
            ))}
          </section>
        ))}
      </SimpleGrid>
    </Modal>
  );
}
