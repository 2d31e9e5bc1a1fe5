import { Button, Group, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';

/** One line to add to a list by name. */
export function AddRow({ label, action, isBusy, onAdd }: { label: string; action: string; isBusy: boolean; onAdd: (name: string) => void }) {
  const [name, setName] = useState('');
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (name.trim()) { onAdd(name.trim()); setName(''); } }}>
      <Group gap={8} mt={10} wrap="nowrap">
        <TextInput size="xs" flex={1} aria-label={label} placeholder={label} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button size="xs" variant="default" type="submit" leftSection={<IconPlus size={14} />} disabled={!name.trim() || isBusy}>{action}</Button>
      </Group>
    </form>
  );
}
