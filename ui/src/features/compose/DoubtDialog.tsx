import { Button, Group, List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ShownModal } from '#/shared/parts/ShownModal';
import type { Doubts } from './doubts';

/** Asks once before an email leaves that may not be meant to. Unknown variables leave no way but back. */
export function DoubtDialog({ doubts: { kind, gaps }, onBack, onSure }: { doubts: Doubts; onBack: () => void; onSure: () => void }) {
  const { t } = useTranslation();
  const isRefused = gaps.some(({ problem }) => problem === 'unknown');
  const title = isRefused ? t('compose.doubt.unknown') : gaps.length ? t('compose.doubt.empty') : t(`compose.doubt.${kind ?? 'noSubject'}`);
  return (
    <ShownModal onClose={onBack} title={title} size="sm" centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      {gaps.length > 0 && <List size="sm" mb="xs">{gaps.map(({ token, problem }) => <List.Item key={token}><code>{token}</code> {t(`compose.doubt.why.${problem}`)}</List.Item>)}</List>}
      {gaps.length > 0 && kind && <Text size="sm" mb="xs">{t(`compose.doubt.${kind}`)}.</Text>}
      <Text size="sm">{t(isRefused ? 'compose.doubt.mend' : 'compose.doubt.question')}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" data-autofocus={isRefused || undefined} onClick={onBack}>{t('compose.doubt.back')}</Button>
        {!isRefused && <Button data-autofocus onClick={onSure}>{t('compose.doubt.send')}</Button>}
      </Group>
    </ShownModal>
  );
}
