import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Panel } from '#/shared/parts/Page';
import { FirstSteps } from '#/shared/parts/FirstSteps';

const RULES = ['address', 'key', 'lists', 'fields', 'filters', 'changes', 'dates', 'mistakes', 'limits'] as const;

/** What holds for every request, before any of them. */
export function Beginning({ count }: { count: number }) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm" c="var(--text-2)" mt={4} mb="md" maw={720}>{t('reference.hint', { count })}</Text>
      <Panel title={t('reference.first')} hint={<>{t('reference.firstHint')} <Anchor inherit underline="always" renderRoot={(props) => <Link {...props} to="/settings/keys" />}>{t('reference.makeKey')}</Anchor></>}><FirstSteps apiKey={null} /></Panel>
      <Panel title={t('reference.rules')}>
        <dl>
          {RULES.map((rule) => <div key={rule}><Text component="dt" size="sm" fw={600} mt="xs">{t(`reference.rule.${rule}.name`)}</Text><Text component="dd" size="sm" c="var(--text-2)" m={0}>{t(`reference.rule.${rule}.text`, { base: `${location.origin}/api/v1/` })}</Text></div>)}
        </dl>
      </Panel>
      <Text size="sm" c="var(--text-3)"><Anchor inherit underline="always" href="/api/v1/openapi.json" download="postroom-openapi.json">{t('reference.document')}</Anchor></Text>
    </>
  );
}
