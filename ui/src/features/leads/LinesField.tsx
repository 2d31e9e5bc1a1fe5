import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';

export type Line = { value: string; type: string };
type Props = {
  label: string; addLabel: string; nameOf: (number: number) => string; removeLabel: (value: string) => string; errorOf?: (value: string) => string | undefined;
  inputMode: 'email' | 'tel' | 'url'; lines: Line[]; onChange: (lines: Line[]) => void;
};

/** Several addresses, numbers or links of a contact, one below the other. What each is called (office, mobile) is kept. */
export function LinesField({ label, addLabel, nameOf, removeLabel, errorOf, inputMode, lines, onChange }: Props) {
  return (
    <div>
      <Text component="span" size="xs" fw={500}>{label}</Text>
      {lines.map((line, index) => (
        <Group key={index} gap={4} mt={4} wrap="nowrap" align="flex-start">
          <TextInput size="xs" flex={1} inputMode={inputMode} aria-label={nameOf(index + 1)} value={line.value} error={line.value.trim() && errorOf?.(line.value.trim())}
            onChange={(event) => onChange(lines.with(index, { ...line, value: event.currentTarget.value }))} />
          <ActionIcon size={30} aria-label={removeLabel(line.value)} onClick={() => onChange(lines.toSpliced(index, 1))}><IconX size={14} /></ActionIcon>
        </Group>
      ))}
      <Button size="compact-xs" variant="subtle" mt={4} display="block" leftSection={<IconPlus size={13} />} onClick={() => onChange([...lines, { value: '', type: '' }])}>{addLabel}</Button>
    </div>
  );
}

/** The lines that say something. */
export const filled = (lines: Line[]): Line[] => lines.map((line) => ({ ...line, value: line.value.trim() })).filter((line) => line.value);
