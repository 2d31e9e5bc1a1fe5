import { lazy, Suspense } from 'react';
import { wholeTexts } from '#/shared/i18n';
import { closeMailDialog, useMailDialogs } from './askedDialogs';

const OriginalDialog = lazy(async () => {
  const [module] = await Promise.all([import('./OriginalDialog'), wholeTexts()]);
  return { default: module.OriginalDialog };
});

/** The dialogs about one email, fetched when the first is asked for. */
export function MailDialogs() {
  const { originalOf } = useMailDialogs();
  return <Suspense fallback={null}>{originalOf && <OriginalDialog key={originalOf} emailId={originalOf} onClose={closeMailDialog} />}</Suspense>;
}
