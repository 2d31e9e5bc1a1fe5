import type { TFunction } from 'i18next';
import { ApiError } from '#/shared/api/errors';

/** A sentence for people about anything that went wrong. The server's own words win. */
export function explainError(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiError)) return t('general.error.unexpected');
  if (error.isOffline) return t('general.error.offline');
  if (error.message) return error.message;
  if (error.status === 403) return t('general.error.forbidden');
  if (error.status === 404) return t('general.error.notFound');
  if (error.status === 429) return t('general.error.tooMany');
  return t('general.error.server', { status: error.status });
}
