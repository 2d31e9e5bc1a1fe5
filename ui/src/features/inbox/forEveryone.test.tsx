import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { InboxTask } from '#/shared/api/types';
import en from '#/shared/i18n/en';
import { BulkBar } from './BulkBar';
import { ReadingBar } from './ReadingBar';

const nothing = () => undefined;
const item = (assignedTo: string | null) => ({ id: 'noti_1', view: 'inbox', assigned_to: assignedTo }) as InboxTask;
const bar = (task: InboxTask) => <ReadingBar task={task} latestEmailId="acti_1" canAct isPhone={false} isSnoozeOpen={false} onSnoozeOpen={nothing} onBack={nothing} onDone={nothing} onReopen={nothing} onSnooze={nothing} onUnread={nothing} />;

beforeAll(async () => {
  window.matchMedia = (query) => ({ matches: false, media: query, addEventListener: nothing, removeEventListener: nothing }) as unknown as MediaQueryList;
  await i18next.use(initReactI18next).init({ lng: 'en', resources: { en: { translation: en } }, interpolation: { escapeValue: false } });
});
afterEach(cleanup);

test('Done in a shared mailbox says for whom it is done, before it is pressed', () => {
  render(<MantineProvider>{bar(item(null))}</MantineProvider>);
  expect(screen.getByRole('button', { name: 'Done for everyone' })).toBeTruthy();
  cleanup();
  render(<MantineProvider>{bar(item('user_1'))}</MantineProvider>);
  expect(screen.getByRole('button', { name: 'Done' })).toBeTruthy();
});

test('so does Done for several, as soon as one of them is shared', () => {
  render(<MantineProvider><BulkBar label="2 selected" view="inbox" isBusy={false} isForEveryone onDone={nothing} onReopen={nothing} onSnooze={nothing} onClear={nothing} /></MantineProvider>);
  expect(screen.getByRole('button', { name: 'Done for everyone' })).toBeTruthy();
});
