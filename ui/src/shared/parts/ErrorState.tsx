import { IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { explainError } from './explainError';
import { EmptyState } from './EmptyState';

/** A place that could not be loaded: why, and the way to try again. */
export function ErrorState({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  return <EmptyState icon={IconCloudOff} title={t('general.couldNotLoad')} hint={explainError(error, t)} action={{ label: t('general.tryAgain'), run: onRetry }} />;
}
