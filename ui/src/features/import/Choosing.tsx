import { Button, Checkbox, Group, Radio, Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LeadImport } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { ColumnTable } from './ColumnTable';
import { FailedRows } from './FailedRows';
import type { Act } from './ImportPage';
import { changeImport, checkImport, forgetImport, runImport } from './importRequests';
import { encodings, importable, SEPARATORS } from './steps';
import { Tally } from './Tally';

type Props = { one: LeadImport; isBusy: boolean; act: Act; onLeave: () => void };
const WAYS = ['email', 'domain', 'name'] as const;

/** What the columns are and what is done with leads that are there; then a trial, and the import itself. */
export function Choosing({ one, isBusy, act, onLeave }: Props) {
  const { t } = useTranslation();
  const change = (choices: Parameters<typeof changeImport>[1]) => void act(() => changeImport(one.id, choices));
  const discard = () => void forgetImport(one.id).then(onLeave, notifyError);
  const rows = importable(one);
  return (
    <ScrollPage title={t('imports.title')} hint={t('imports.file', { name: one.filename, count: one.n_rows, shown: count(one.n_rows) })}
      actions={(
        <>
          <Button size="sm" variant="subtle" color="gray" onClick={discard}>{t('imports.discard')}</Button>
          <Button size="sm" variant={one.status === 'checked' ? 'default' : 'filled'} loading={isBusy} onClick={() => void act(() => checkImport(one.id))}>{t(one.status === 'checked' ? 'imports.checkAgain' : 'imports.check')}</Button>
          <Button size="sm" variant={one.status === 'checked' ? 'filled' : 'default'} disabled={!rows} loading={isBusy} onClick={() => void act(() => runImport(one.id))}>{t('imports.run', { count: rows, shown: count(rows) })}</Button>
        </>
      )}>
      {one.status === 'checked' && <Tally title={t('imports.would')} one={one} />}
      {one.status === 'checked' && one.counts.failed > 0 && <FailedRows importId={one.id} />}
      <Panel title={t('imports.columns')} hint={t('imports.columnsHint')} flush>
        <ColumnTable one={one} isBusy={isBusy} onChange={(mapping) => change({ mapping })} />
      </Panel>
      <Panel title={t('imports.found')}>
        <Stack gap="md">
          <Checkbox.Group label={t('imports.joinedBy')} value={one.joined_by} onChange={(joined) => change({ joined_by: joined })}>
            <Group gap="lg" mt={6}>{WAYS.map((way) => <Checkbox key={way} value={way} label={t(`imports.by.${way}`)} />)}</Group>
          </Checkbox.Group>
          <Radio.Group label={t('imports.whenFound')} value={one.when_found} onChange={(found) => change({ when_found: found })}>
            <Group gap="lg" mt={6}>{(['join', 'skip'] as const).map((way) => <Radio key={way} value={way} label={t(`imports.when.${way}`)} />)}</Group>
          </Radio.Group>
        </Stack>
      </Panel>
      <Panel title={t('imports.reads')}>
        <Group gap="lg" align="flex-end">
          <Select label={t('imports.encoding')} data={encodings(one.encoding)} value={one.encoding} allowDeselect={false} onChange={(encoding) => change({ encoding })} />
          <Select label={t('imports.separator')} data={SEPARATORS.map(([value, name]) => ({ value, label: t(`imports.separatorName.${name}`) }))} value={one.separator} allowDeselect={false} onChange={(separator) => change({ separator })} />
          <Checkbox mb={8} label={t('imports.hasHeader')} checked={one.has_header} onChange={(event) => change({ has_header: event.currentTarget.checked })} />
        </Group>
      </Panel>
    </ScrollPage>
  );
}
