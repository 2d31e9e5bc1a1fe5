import { Stack, Tabs, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from './CodeBlock';
import { firstSteps } from './firstSteps';

/** The first requests of a program: for the shell, and for Close's Python client. `apiKey` null: they read it from the environment. */
export function FirstSteps({ apiKey }: { apiKey: string | null }) {
  const { t } = useTranslation();
  const steps = firstSteps(location.origin, apiKey);
  return (
    <Tabs defaultValue="curl" keepMounted={false}>
      <Tabs.List mb="sm"><Tabs.Tab value="curl">curl</Tabs.Tab><Tabs.Tab value="python">Python</Tabs.Tab></Tabs.List>
      {(['curl', 'python'] as const).map((way) => (
        <Tabs.Panel key={way} value={way}>
          <Stack gap="sm">
            {!apiKey && <div><Text size="sm" mb={4}>{t('firstSteps.keep')}</Text><CodeBlock label={t('firstSteps.keep')}>export POSTROOM_KEY=api_…</CodeBlock></div>}
            {steps[way].map(({ name, text }) => <div key={name}><Text size="sm" mb={4}>{t(`firstSteps.${name}`)}</Text><CodeBlock label={t(`firstSteps.${name}`)}>{text}</CodeBlock></div>)}
          </Stack>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
