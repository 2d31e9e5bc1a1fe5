import { Button, Group, Select, SegmentedControl, Stack, Switch, Text, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, setLanguage, type Language } from '#/shared/i18n';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { UNDO_SECONDS, usePreferences, type AfterDone, type Density, type SignatureOn } from '#/shared/preferences';
import { deviceZone, zoneName } from '#/shared/time/zone';
import classes from './preferences.module.css';

const AFTER_DONE: AfterDone[] = ['next', 'previous', 'list'];
const SCHEMES = ['auto', 'light', 'dark'] as const;
const DENSITIES: Density[] = ['comfortable', 'compact'];
const SIGNATURES: SignatureOn[] = ['always', 'new', 'never'];
const DEVICE = 'device';
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')].map((value) => ({ value, label: zoneName(value) }));

/** What a person can set for this browser. */
export function PreferencesPage() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { undoSeconds, afterDone, imageSenders, density, zone, signature, darkMail, set } = usePreferences();
  return (
    <ScrollPage width="narrow" title={t('settings.place.preferences')} hint={t('preferences.hint')}>
      <Panel title={t('shell.settings.mail')}>
        <Stack gap="lg">
          <Row label={t('shell.settings.undo')} hint={t('shell.settings.undoHint')}>
            <Select w={160} aria-label={t('shell.settings.undo')} data={UNDO_SECONDS.map((seconds) => ({ value: String(seconds), label: t('shell.settings.seconds', { count: seconds }) }))} value={String(undoSeconds)} onChange={(value) => set({ undoSeconds: Number(value) })} />
          </Row>
          <Row label={t('shell.settings.afterDone')}>
            <Select w={220} aria-label={t('shell.settings.afterDone')} data={AFTER_DONE.map((value) => ({ value, label: t(`shell.settings.afterDoneChoice.${value}`) }))} value={afterDone} onChange={(value) => set({ afterDone: (value ?? 'next') as AfterDone })} />
          </Row>
          <Row label={t('preferences.signature')} hint={t('preferences.signatureHint')}>
            <Select w={220} aria-label={t('preferences.signature')} data={SIGNATURES.map((value) => ({ value, label: t(`preferences.signatureChoice.${value}`) }))} value={signature} onChange={(value) => set({ signature: (value ?? 'always') as SignatureOn })} />
          </Row>
          <Row label={t('shell.settings.images')} hint={t('shell.settings.imagesHint')}>
            {imageSenders.length === 0 ? <Text size="sm" c="var(--text-3)">{t('shell.settings.nobody')}</Text> : (
              <ul className={classes.senders}>
                {imageSenders.map((sender) => <li key={sender}><span>{sender}</span><Button size="compact-xs" variant="subtle" color="gray" aria-label={`${t('general.remove')} ${sender}`} onClick={() => set({ imageSenders: imageSenders.filter((each) => each !== sender) })}>{t('general.remove')}</Button></li>)}
              </ul>
            )}
          </Row>
        </Stack>
      </Panel>
      <Panel title={t('shell.settings.look')}>
        <Stack gap="lg">
          <Row label={t('shell.settings.language')}>
            <Select w={160} aria-label={t('shell.settings.language')} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} value={i18n.language} onChange={(value) => void setLanguage(value as Language)} />
          </Row>
          <Row label={t('preferences.zone')} hint={t('preferences.zoneHint')}>
            <Select w={260} searchable aria-label={t('preferences.zone')} nothingFoundMessage={t('shell.nothingFound')} allowDeselect={false}
              data={[{ value: DEVICE, label: t('preferences.zoneOfDevice', { zone: zoneName(deviceZone()) }) }, ...ZONES]} value={zone ?? DEVICE} onChange={(value) => set({ zone: !value || value === DEVICE ? null : value })} />
          </Row>
          <Row label={t('preferences.density')} hint={t('preferences.densityHint')}>
            <SegmentedControl aria-label={t('preferences.density')} data={DENSITIES.map((value) => ({ value, label: t(`preferences.densityChoice.${value}`) }))} value={density} onChange={(value) => set({ density: value as Density })} />
          </Row>
          <Row label={t('shell.settings.scheme')}>
            <SegmentedControl aria-label={t('shell.settings.scheme')} data={SCHEMES.map((value) => ({ value, label: t(`shell.settings.schemeChoice.${value}`) }))} value={colorScheme} onChange={(value) => setColorScheme(value as (typeof SCHEMES)[number])} />
          </Row>
          <Row label={t('preferences.darkMail')} hint={t('preferences.darkMailHint')}>
            <Switch size="md" aria-label={t('preferences.darkMail')} checked={darkMail} onChange={(event) => set({ darkMail: event.currentTarget.checked })} />
          </Row>
        </Stack>
      </Panel>
    </ScrollPage>
  );
}

function Row({ label, hint, children }: { label: string; hint?: string; children: React.ReactNode }) {
  return (
    <Group justify="space-between" align="flex-start" gap="md">
      <div className={classes.text}><Text size="sm" fw={550}>{label}</Text>{hint && <Text size="xs" c="var(--text-3)">{hint}</Text>}</div>
      {children}
    </Group>
  );
}
