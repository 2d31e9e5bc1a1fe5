import { Select, Table, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeadImport } from '#/shared/api/types';
import { remapped, targetKey } from './steps';
import classes from './import.module.css';

type Props = { one: LeadImport; isBusy: boolean; onChange: (mapping: string[]) => void };
const NOTHING = '-';

/** Every column with its first values, and what it becomes. */
export function ColumnTable({ one, isBusy, onChange }: Props) {
  const { t } = useTranslation();
  const choices = useMemo(() => {
    const named = one.targets.map(({ target, name }) => ({ value: target, label: name === null ? t(`imports.target.${targetKey(target)}` as 'imports.target.lead_name') : t('imports.custom', { name }) }));
    const group = (prefix: string) => named.filter(({ value }) => value.startsWith(prefix));
    return [
      { value: NOTHING, label: t('imports.leaveOut') },
      ...(['lead', 'contact', 'custom'] as const).map((name) => ({ group: t(`imports.group.${name}`), items: group(`${name}.`) })).filter(({ items }) => items.length),
    ];
  }, [one.targets, t]);
  return (
    <Table className={classes.columns} verticalSpacing="sm" horizontalSpacing="md">
      <Table.Thead><Table.Tr>{(['column', 'samples', 'becomes'] as const).map((name) => <Table.Th key={name} scope="col">{t(`imports.${name}`)}</Table.Th>)}</Table.Tr></Table.Thead>
      <Table.Tbody>
        {one.columns.map((column, at) => (
          <Table.Tr key={`${at} ${column.head}`} data-out={column.target === '' || undefined}>
            <Table.Td><Text size="sm" fw={600}>{column.head}</Text></Table.Td>
            <Table.Td><Text size="xs" c="var(--text-2)" lineClamp={2}>{column.samples.filter(Boolean).slice(0, 3).join(' · ')}</Text></Table.Td>
            <Table.Td>
              <Select size="xs" searchable disabled={isBusy} data={choices} value={column.target || NOTHING} allowDeselect={false} aria-label={`${t('imports.becomes')}: ${column.head}`}
                onChange={(target) => { if (target !== null) onChange(remapped(one.columns, at, target === NOTHING ? '' : target)); }} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
