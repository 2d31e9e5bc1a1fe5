import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { pathOf } from '#/shared/editor/tokens';
import type { ChipValues } from '#/shared/editor/useMarkedChips';
import classes from './compose.module.css';

/** Above Send: the variables that would come out empty, or that nobody knows. */
export function GapNote({ gaps, values, hasLead }: { gaps: string[]; values: ChipValues | undefined; hasLead: boolean }) {
  const { t } = useTranslation();
  if (!gaps.length) return null;
  const isUnknown = gaps.some((token) => values?.get(token)?.problem === 'unknown');
  return (
    <div className={classes.gaps} data-tone={isUnknown ? 'bad' : 'warn'} role="status">
      <IconAlertTriangle size={15} aria-hidden />
      <span>{t(isUnknown ? 'compose.unknownVariables' : hasLead ? 'compose.emptyVariables' : 'compose.noRecipientYet')} {gaps.map(pathOf).join(', ')}</span>
    </div>
  );
}
