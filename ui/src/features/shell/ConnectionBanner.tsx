import { useNetwork } from '@mantine/hooks';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLiveState } from './useLive';
import classes from './shell.module.css';

/** Says that what is shown may be old, and that nothing can be saved. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const { online } = useNetwork();
  const isStale = useLiveState((state) => state.isLost);
  if (online && !isStale) return null;
  return (
    <div className={classes.banner} data-tone="warn" role="status">
      <IconPlugConnectedX size={16} aria-hidden />
      <span>{t(online ? 'shell.reconnecting' : 'shell.offline')}</span>
    </div>
  );
}
