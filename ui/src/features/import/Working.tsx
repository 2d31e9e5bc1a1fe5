import { Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LeadImport } from '#/shared/api/types';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { percentDone } from './steps';
import { Tally } from './Tally';

/** How far it is. */
export function Working({ one }: { one: LeadImport }) {
  const { t } = useTranslation();
  const said = t(`imports.working.${one.status as 'running'}`);
  return (
    <ScrollPage title={t(`imports.status.${one.status}`)} hint={t('imports.file', { name: one.filename, count: one.n_rows, shown: count(one.n_rows) })} width="narrow">
      <Panel>
        <Text size="sm" mb="sm">{said}</Text>
        <Progress size="lg" value={percentDone(one)} aria-label={said} animated />
        <Text size="sm" mt={8} aria-live="polite">{t('imports.progress', { done: count(one.n_done), total: count(one.n_rows) })}</Text>
      </Panel>
      <Tally title={t(one.status === 'checking' ? 'imports.would' : 'imports.happened')} one={one} />
    </ScrollPage>
  );
}
