import { ActionIcon, Checkbox, Indicator, Popover, Stack, Text, Tooltip } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Writing } from '#/shared/mail/composing';
import { accountsQuery } from '#/shared/requests/accounts';
import { canTrackQuery } from '#/shared/requests/tracking';

type Props = { writing: Writing; onChange: (part: Pick<Partial<Writing>, 'tracksOpens' | 'tracksClicks'>) => void };

/** What of this email is tracked. Shown as its account has it until somebody says otherwise; absent where nothing can be. */
export function TrackingMenu({ writing, onChange }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const { data: canTrack } = useQuery(canTrackQuery);
  const { data: accounts = [] } = useQuery(accountsQuery);
  if (!canTrack) return null;
  const account = accounts.find(({ id }) => id === writing.accountId);
  const opens = writing.tracksOpens ?? account?.track_opens ?? false;
  const clicks = writing.tracksClicks ?? account?.track_clicks ?? false;
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="top-start" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('tracking.title')} disabled={isOpen}>
          <ActionIcon size={36} aria-label={t('tracking.title')} aria-haspopup="dialog" onClick={() => setIsOpen((is) => !is)}>
            <Indicator disabled={!opens && !clicks} size={7} offset={2}><IconEye size={18} /></Indicator>
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('tracking.title')} maw={300}>
        <Stack gap="sm">
          <Checkbox label={t('tracking.opens')} checked={opens} onChange={(event) => onChange({ tracksOpens: event.currentTarget.checked })} />
          <Checkbox label={t('tracking.clicks')} checked={clicks} onChange={(event) => onChange({ tracksClicks: event.currentTarget.checked })} />
          <Text size="xs" c="var(--text-3)">{t('tracking.onlyThis')}</Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
