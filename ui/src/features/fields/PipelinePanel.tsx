import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Pipeline } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { pipelinesQuery } from '#/shared/requests/setup';
import { AddRow } from './AddRow';
import classes from './fields.module.css';
import { LabelRow } from './LabelRow';
import { addPipeline, changePipeline, deletePipeline, movedUp, type Stage } from './setup';
import { useSetup } from './useSetup';

/** Kinds of deals, each with the stages that it passes through. */
export function PipelinePanel({ canChange }: { canChange: boolean }) {
  const { t } = useTranslation();
  const { data: pipelines = [] } = useQuery(pipelinesQuery);
  const { run, isBusy } = useSetup();
  return (
    <Panel title={t('records.setup.pipelines')} hint={t('records.setup.pipelinesHint')}>
      {pipelines.map((pipeline) => <Stages key={pipeline.id} pipeline={pipeline} canChange={canChange} isOnly={pipelines.length === 1} run={run} isBusy={isBusy} />)}
      {canChange && <AddRow label={t('records.setup.newPipeline')} action={t('records.setup.addPipeline')} isBusy={isBusy} onAdd={(name) => run(() => addPipeline(name))} />}
    </Panel>
  );
}

type Props = { pipeline: Pipeline; canChange: boolean; isOnly: boolean; isBusy: boolean; run: (change: () => Promise<unknown>) => void };

function Stages({ pipeline, canChange, isOnly, isBusy, run }: Props) {
  const { t } = useTranslation();
  const stages: Stage[] = pipeline.statuses;
  const save = (statuses: Stage[]) => run(() => changePipeline(pipeline, { statuses }));
  const replaced = (index: number, change: Partial<Stage>) => stages.map((stage, at) => (at === index ? { ...stage, ...change } : stage));
  return (
    <div className={classes.pipeline}>
      <div className={classes.pipelineHead}>
        <Text component="h3" size="sm" fw={600}>{pipeline.name}</Text>
        {canChange && !isOnly && <Tooltip label={t('records.setup.remove', { name: pipeline.name })}><ActionIcon size={30} aria-label={t('records.setup.remove', { name: pipeline.name })} onClick={() => run(() => deletePipeline(pipeline.id))}><IconTrash size={15} /></ActionIcon></Tooltip>}
      </div>
      <ul className={classes.list}>
        {stages.map((stage, index) => (
          <LabelRow key={stage.id} label={stage.label} kind={stage.type} isFirst={index === 0} canChange={canChange}
            onRename={(label) => save(replaced(index, { label }))} onKind={(type) => save(replaced(index, { type }))} onUp={() => save(movedUp(stages, index))} onRemove={() => save(stages.filter((_, at) => at !== index))} />
        ))}
      </ul>
      {canChange && <AddRow label={t('records.setup.newStatus')} action={t('records.setup.add')} isBusy={isBusy} onAdd={(label) => save([...stages, { label, type: 'active' }])} />}
    </div>
  );
}
