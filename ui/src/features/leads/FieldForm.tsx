import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomField, Lead } from '#/shared/api/types';
import { FieldInputs } from '#/shared/fields/FieldInputs';
import { changedValues, draftOf } from '#/shared/fields/fieldValues';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { changeValues } from './records';
import classes from './leads.module.css';

type Props = { lead: Lead; fields: CustomField[]; onClose: () => void };

export function FieldForm({ lead, fields, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [before] = useState(() => draftOf(lead, fields));
  const [draft, setDraft] = useState(before);
  const save = useMutation({
    mutationFn: () => changeValues(lead.id, changedValues(before, draft, fields)),
    onSuccess: (changed) => { queries.setQueryData(['lead', lead.id], changed); onClose(); },
  });
  return (
    <form className={classes.contactForm} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <Stack gap={8}>
        <FieldInputs fields={fields} draft={draft} contacts={lead.contacts} onChange={setDraft} />
        {save.error && <Notice tone="bad">{explainError(save.error, t)}</Notice>}
        <Group gap={6}>
          <Button size="xs" type="submit" loading={save.isPending}>{t('general.save')}</Button>
          <Button size="xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
