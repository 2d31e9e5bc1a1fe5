import { notificationsStore } from '@mantine/notifications';
import { lazy, Suspense, useEffect, useState } from 'react';
import { afterFirstRows } from './afterFirstRows';
import { lateCode } from './lateCode';

const ShownToasts = lazy(() => lateCode(() => import('./ShownToasts')));

/** The place of the toasts, there from the first of them on, or soon after the first rows. */
export function Toasts() {
  const [isWanted, setWanted] = useState(() => notificationsStore.getState().notifications.length > 0);
  useEffect(() => notificationsStore.subscribe(() => setWanted(true)), []);
  useEffect(() => afterFirstRows(() => setWanted(true)), []);
  return isWanted && <Suspense fallback={null}><ShownToasts /></Suspense>;
}
