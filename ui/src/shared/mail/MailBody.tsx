import { Button, Group, Menu, Text, useComputedColorScheme } from '@mantine/core';
import { IconPhotoOff } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '#/shared/api/client';
import { onKeyDown } from '#/shared/commands/dispatch';
import { usePreferences } from '#/shared/preferences';
import { openComposing } from './composing';
import { blockedImages, brightenImages, flagLinks, foldQuote, nameSignature, prepareFrame } from './frameDocument';
import { writingTo } from './mailTo';
import classes from './mail.module.css';

const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

/**
 * An email's body is a document of its own, served with its own security policy after the server made it safe. Not
 * srcdoc: such a frame inherits this page's policy, which blocks the inline styles every HTML email uses. Same-origin
 * without scripts: nothing inside can run, but this page can measure it and take its key presses.
 */
export function MailBody({ emailId, sender, hidesEmpty = false }: { emailId: string; sender: string; /** Something else says already why there is no text. */ hidesEmpty?: boolean }) {
  const { t } = useTranslation();
  const { imageSenders, darkMail, set } = usePreferences();
  const isDark = useComputedColorScheme('light') === 'dark' && darkMail;
  const isTrusted = imageSenders.includes(sender.toLowerCase());
  const [isAsked, setIsAsked] = useState(false);
  const [blocked, setBlocked] = useState(0);
  const [height, setHeight] = useState(96);
  const [isEmpty, setIsEmpty] = useState(false);
  const stop = useRef<() => void>(undefined);
  const showImages = isTrusted || isAsked;

  const onLoad = useCallback((event: React.SyntheticEvent<HTMLIFrameElement>) => {
    stop.current?.();
    const page = event.currentTarget.contentDocument;
    if (!page?.body) return;
    setBlocked(blockedImages(page));
    setIsEmpty(!page.body.textContent?.trim() && !page.body.querySelector('img'));
    flagLinks(page, (shown, real) => t('mail.deceptiveLink', { shown, real }));
    nameSignature(page, t('mail.signaturePlace'));
    foldQuote(page, t('mail.quoted'));
    if (isDark) brightenImages(page);
    stop.current = prepareFrame(page, { onHeight: setHeight, onKeyDown, onMailTo: (href) => openComposing(writingTo(href)) });
    performance.mark(`mail-body:${emailId}`);
  }, [emailId, t, isDark]);
  useEffect(() => () => stop.current?.(), []);

  const trust = () => set({ imageSenders: [...imageSenders, sender.toLowerCase()] });
  const distrust = () => { set({ imageSenders: imageSenders.filter((each) => each !== sender.toLowerCase()) }); setIsAsked(false); };

  return (
    <div className={classes.body} hidden={isEmpty && hidesEmpty}>
      {isEmpty && blocked === 0 && <Text size="sm" className={classes.noText}>{t('mail.noText')}</Text>}
      {!showImages && blocked > 0 && (
        <Group gap={8} className={classes.blocked} role="note">
          <IconPhotoOff size={15} aria-hidden />
          <Text size="xs">{t('mail.imagesBlocked', { count: blocked })}</Text>
          <Button size="compact-xs" variant="transparent" onClick={() => setIsAsked(true)}>{t('mail.showImages')}</Button>
          {sender && <Button size="compact-xs" variant="transparent" title={sender} onClick={trust}>{t('mail.alwaysFrom')}</Button>}
        </Group>
      )}
      {isTrusted && (
        <Menu position="bottom-end">
          <Menu.Target><Button className={classes.trusted} size="compact-xs" variant="transparent">{t('mail.imagesShown')}</Button></Menu.Target>
          <Menu.Dropdown><Menu.Item onClick={distrust}>{t('mail.neverFrom', { sender })}</Menu.Item></Menu.Dropdown>
        </Menu>
      )}
      <iframe
        key={`${emailId}:${showImages}:${isDark}`} /* a new element, not a new address: that would add a Back entry */
        className={classes.frame} data-dark={isDark || undefined} style={{ height: isEmpty ? 0 : height }} title={t('mail.bodyOf', { sender })} onLoad={onLoad}
        sandbox={SANDBOX} referrerPolicy="no-referrer" src={apiUrl(`/activity/email/${emailId}/body/`, showImages ? { images: true } : {})}
      />
    </div>
  );
}
