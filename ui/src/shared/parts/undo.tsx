/** Toasts with Undo. Each button undoes its own action; the key undoes the newest, also after its toast is gone. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';

type Step = { id: string; run: () => void };
const STEPS_KEPT = 20;
let steps: Step[] = [];

export function offerUndo(message: string, run: () => void, autoCloseMs = 6000): string {
  const id = notifications.show({
    autoClose: autoCloseMs, withBorder: true, withCloseButton: false, color: 'gray',
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" lineClamp={2}>{message}</Text>
        <Button size="compact-sm" variant="light" flex="none" onClick={() => undo(id)} rightSection={<kbd className="key">Z</kbd>}>
          {i18next.t('general.undo')}
        </Button>
      </Group>
    ),
  });
  steps = [...steps.slice(1 - STEPS_KEPT), { id, run }];
  return id;
}

export function undo(id?: string): boolean {
  const step = id ? steps.find((each) => each.id === id) : steps.at(-1);
  if (!step) return false;
  forgetUndo(step.id);
  step.run();
  return true;
}

/** For what can no longer be undone, such as an email that left. */
export function forgetUndo(id: string): void {
  steps = steps.filter((step) => step.id !== id);
  notifications.hide(id);
}
