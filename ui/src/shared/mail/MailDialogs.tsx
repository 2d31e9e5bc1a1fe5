import { lazy, Suspense } from 'react';
import { wholeTexts } from '#/shared/i18n';
import { lateCode } from '#/shared/parts/lateCode';
import { closeMailDialog, useMailDialogs } from './askedDialogs';

const OriginalDialog = lazy(() => lateCode(async () => {
  const [module] = await Promise.all([import('./OriginalDialog'), wholeTexts()]);
  return { default: module.OriginalDialog };
}));

const MoveDialog = lazy(() => lateCode(async () => {
  const [module] = await Promise.all([import('./MoveDialog'), wholeTexts()]);
  return { default: module.MoveDialog };
}));

/** The dialogs about one email, fetched when the first is asked for. */
export function MailDialogs() {
  const { originalOf, moving } = useMailDialogs();
  return (
    <Suspense fallback={null}>
      {originalOf && <OriginalDialog key={originalOf} emailId={originalOf} onClose={closeMailDialog} />}
      {moving && <MoveDialog key={moving.threadId} {...moving} onClose={closeMailDialog} />}
    </Suspense>
  );
}
