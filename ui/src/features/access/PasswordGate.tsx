import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { onPasswordNeeded } from '#/shared/api/client';
import { wholeTexts } from '#/shared/i18n';
import { lateCode } from '#/shared/parts/lateCode';

const PasswordDialog = lazy(() => lateCode(async () => {
  const [module] = await Promise.all([import('./PasswordDialog'), wholeTexts()]);
  return { default: module.PasswordDialog };
}));

/** Waits until the server asks for the password before a sensitive change; what was asked for then goes on by itself. */
export function PasswordGate() {
  const [isOpen, setOpen] = useState(false);
  const [wasOpen, setWasOpen] = useState(false);
  const waiting = useRef<((isGiven: boolean) => void)[]>([]);
  const settle = (isGiven: boolean) => {
    for (const resolve of waiting.current.splice(0)) resolve(isGiven);
    setOpen(false);
  };
  useEffect(() => onPasswordNeeded(() => new Promise((resolve) => { waiting.current.push(resolve); setOpen(true); setWasOpen(true); })), []);
  return wasOpen && <Suspense fallback={null}><PasswordDialog isAsked={isOpen} onSettled={settle} /></Suspense>;
}
