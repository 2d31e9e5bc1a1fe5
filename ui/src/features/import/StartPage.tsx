import { Button, FileButton, Progress, Text } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { count, fullDate } from '#/shared/time/format';
import { bringFile, importsQuery } from './importRequests';
import classes from './import.module.css';

/** Where an import begins: a file, or one of the imports before. */
export function StartPage({ onBrought }: { onBrought: (importId: string) => void }) {
  const { t } = useTranslation();
  const { data: past } = useQuery(importsQuery);
  const [share, setShare] = useState<number | null>(null);
  const [isOver, setIsOver] = useState(false);
  const bring = async (file: File | null | undefined) => {
    if (!file || share !== null) return;
    setShare(0);
    try { onBrought((await bringFile(file, setShare)).id); } catch (problem) { notifyError(problem); } finally { setShare(null); }
  };
  return (
    <ScrollPage title={t('imports.title')} hint={t('imports.hint')} width="narrow">
      <div className={classes.drop} data-over={isOver || undefined}
        onDragOver={(event) => { event.preventDefault(); setIsOver(true); }} onDragLeave={() => setIsOver(false)}
        onDrop={(event) => { event.preventDefault(); setIsOver(false); void bring(event.dataTransfer.files[0]); }}>
        <IconFileTypeCsv size={34} stroke={1.4} aria-hidden />
        <FileButton accept=".csv,.txt,.tsv,text/csv" onChange={(file) => void bring(file)}>
          {(props) => <Button {...props} loading={share !== null}>{t('imports.choose')}</Button>}
        </FileButton>
        <Text size="sm" c="var(--text-3)" ta="center">{t('imports.drop')}</Text>
        {share !== null && (
          <div className={classes.uploading}>
            <Progress value={share * 100} aria-label={t('imports.title')} />
            <Text size="xs" aria-live="polite">{share < 1 ? t('imports.uploading', { percent: Math.round(share * 100) }) : t('imports.reading')}</Text>
          </div>
        )}
      </div>
      <Panel title={t('imports.past')} flush>
        {past?.length === 0 && <Text size="sm" c="var(--text-3)" p="md">{t('imports.noPast')}</Text>}
        <ul className={classes.past}>
          {past?.map((one) => (
            <li key={one.id}>
              <Link to="/leads/import" search={{ id: one.id }} className={classes.pastLink}>
                <Text size="sm" fw={600} truncate>{t('imports.file', { name: one.filename, count: one.n_rows, shown: count(one.n_rows) })}</Text>
                <Text size="xs" c="var(--text-3)">{fullDate(one.date_created)}</Text>
                <Text size="xs" className={classes.status} data-status={one.status}>{t(`imports.status.${one.status}`)}</Text>
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
    </ScrollPage>
  );
}
