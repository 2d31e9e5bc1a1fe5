import { Button, Checkbox, Group, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { explainError } from '#/shared/parts/explainError';
import { KINDS, type Kind, type Wish } from './webhooks';

type Props = { isOpen: boolean; isBusy: boolean; error: unknown; onSave: (wish: Wish) => void; onClose: () => void };

/** Where to, and of what. */
export function WebhookForm({ isOpen, onClose, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('developers.add')} size="lg" centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <Fields onClose={onClose} {...rest} />
    </Modal>
  );
}

function Fields({ isBusy, error, onSave, onClose }: Omit<Props, 'isOpen'>) {
  const { t } = useTranslation();
  const [url, setUrl] = useState('');
  const [kinds, setKinds] = useState<string[]>([]);
  const [verifySsl, setVerifySsl] = useState(true);
  const groups = (Object.keys(KINDS) as (keyof typeof KINDS)[]).map((group) => ({ group: t(`developers.group.${group}`), items: [...KINDS[group]] }));
  return (
    <form onSubmit={(event) => { event.preventDefault(); onSave({ url: url.trim(), kinds: kinds as Kind[], verifySsl }); }}>
      <Stack gap="md">
        <TextInput label={t('developers.url')} description={t('developers.urlHint')} placeholder="https://hooks.example.com/postroom" type="url" required data-autofocus value={url} onChange={(event) => setUrl(event.currentTarget.value)} />
        <MultiSelect label={t('developers.kinds')} description={t('developers.kindsHint')} placeholder={kinds.length ? '' : t('developers.kindsPlaceholder')} data={groups} value={kinds} onChange={setKinds} searchable clearable hidePickedOptions maxDropdownHeight={260} clearButtonProps={{ 'aria-label': t('developers.clear') }} />
        <Checkbox label={t('developers.verify')} description={t('developers.verifyHint')} checked={verifySsl} onChange={(event) => setVerifySsl(event.currentTarget.checked)} />
        {error !== null && error !== undefined && <Text size="sm" c="var(--bad)" role="alert">{explainError(error, t)}</Text>}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>{t('general.cancel')}</Button>
          <Button type="submit" disabled={!url.trim() || kinds.length === 0} loading={isBusy}>{t('developers.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
