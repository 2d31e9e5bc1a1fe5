import { ActionIcon, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useMediaQuery, useViewportSize } from '@mantine/hooks';
import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2, IconMinus, IconX } from '@tabler/icons-react';
import { startTransition, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setComposingSmall, useComposing, type Writing } from '#/shared/mail/composing';
import { takeWritingPlace, useWritingPlace } from '#/shared/mail/writingPlace';
import { useFocusBack } from '#/shared/parts/useFocusBack';
import { ComposeForm } from './ComposeForm';
import { useWriting } from './useWriting';
import classes from './compose.module.css';

/** The tallest a window is that leaves the conversation above it readable, as a part of the page's height. */
const FOOT = 0.52;
const LOWEST = 400;
const REHEARSALS = 2;

/** The window for writing: at the foot of what is answered, which stays readable above; else in the corner. */
export function ComposeDock() {
  const { wasUsed, isOpen, isSmall, writing, seq } = useComposing();
  if (isOpen) return <ComposeWindow key={seq} start={writing} isSmall={isSmall} />;
  return wasUsed ? null : <Rehearsal start={writing} />;
}

/**
 * The form drawn where nobody sees or reaches it, while the browser has a moment: its first drawings take long, and
 * whoever wants to write has no time for them.
 */
function Rehearsal({ start }: { start: Writing }) {
  const [drawn, setDrawn] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const frame = requestAnimationFrame(() => { timer = setTimeout(() => startTransition(() => setDrawn(drawn + 1))); }); // once it was painted
    return () => { cancelAnimationFrame(frame); clearTimeout(timer); };
  }, [drawn]);
  return drawn < REHEARSALS ? <RehearsedForm key={drawn} start={start} /> : null;
}

function RehearsedForm({ start }: { start: Writing }) {
  return <div className={classes.rehearsal} inert><ComposeForm email={useWriting(start)} /></div>;
}

function ComposeWindow({ start, isSmall }: { start: Writing; isSmall: boolean }) {
  const { t } = useTranslation();
  useFocusBack();
  const email = useWriting(start);
  const title = email.shown.subject || t('compose.title');
  const side = useWritingPlace((state) => state.side);
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [isTall, setIsTall] = useState(false);
  // An email to nobody in particular belongs to no conversation.
  const hasPlace = !isPhone && !isSmall && side !== null && !!(start.inReplyToId || start.quoted || start.leadId);
  const height = Math.max(LOWEST, Math.round((useViewportSize().height || innerHeight) * FOOT));
  useEffect(() => {
    takeWritingPlace(hasPlace && !isTall ? height : 0);
    return () => takeWritingPlace(0);
  }, [hasPlace, isTall, height]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes a dialog from anywhere inside it
    <div className={classes.dock} role="dialog" data-small={isSmall || undefined} data-placed={hasPlace || undefined} aria-label={t('compose.title')}
      style={hasPlace ? { left: side.left, width: side.width, ...(isTall ? {} : { height }) } : undefined}
      onKeyDown={(event) => { if (event.key === 'Escape' && !event.defaultPrevented) { event.stopPropagation(); void email.close(); } }}>
      <header className={classes.head}>
        <UnstyledButton className={classes.title} onClick={() => setComposingSmall(!isSmall)} aria-expanded={!isSmall}><Text fw={600} size="sm" truncate>{title}</Text></UnstyledButton>
        <ActionIcon className={classes.smaller} size={32} aria-label={t(isSmall ? 'compose.larger' : 'compose.smaller')} onClick={() => setComposingSmall(!isSmall)}><IconMinus size={16} /></ActionIcon>
        {hasPlace && (
          <Tooltip label={t(isTall ? 'compose.lower' : 'compose.taller')}>
            <ActionIcon size={32} aria-label={t(isTall ? 'compose.lower' : 'compose.taller')} onClick={() => setIsTall(!isTall)}>{isTall ? <IconArrowsDiagonalMinimize2 size={16} /> : <IconArrowsDiagonal size={16} />}</ActionIcon>
          </Tooltip>
        )}
        <ActionIcon size={32} aria-label={t('compose.close')} onClick={() => void email.close()}><IconX size={16} /></ActionIcon>
      </header>
      <div className={classes.body} hidden={isSmall}><ComposeForm email={email} /></div>
    </div>
  );
}
