import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import i18next from 'i18next';
import type { ReactNode } from 'react';
import { initReactI18next } from 'react-i18next';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AS_IT_COMES, usePreferences } from '#/shared/preferences';
import { useKeptPreferences } from './useKeptPreferences';

const KEPT = { language: null, theme: null, undo_seconds: 20, after_done: null, signature: null, shortcuts: {}, image_senders: [], density: 'comfortable', dark_mail: null, zone_by: null, time_zone: 'UTC' };
let answer: () => void;
let sent: unknown[];
const PATIENT = { timeout: 60_000 }; // the machine may be busy

beforeAll(() => i18next.use(initReactI18next).init({ lng: 'en', resources: {} }));
beforeEach(() => {
  sent = [];
  usePreferences.getState().set(AS_IT_COMES);
  window.matchMedia = (query) => ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList;
  // The network is the edge of the page: the only thing replaced here.
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => new Promise((resolve) => {
    if (init.method === 'PUT') { sent.push(JSON.parse(init.body as string)); resolve(new Response(JSON.stringify(KEPT))); } else answer = () => resolve(new Response(JSON.stringify(KEPT)));
  }));
});
afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

test('what is set before the server has answered stands, is sent, and the rest is as the server has it', async () => {
  const queries = new QueryClient();
  const around = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queries}><MantineProvider>{children}</MantineProvider></QueryClientProvider>;
  renderHook(() => useKeptPreferences(), { wrapper: around });
  await waitFor(() => expect(answer).toBeDefined(), PATIENT);
  act(() => usePreferences.getState().set({ density: 'compact' }));
  act(() => answer());
  await waitFor(() => expect(sent).toEqual([{ density: 'compact' }]), PATIENT);
  expect(usePreferences.getState()).toMatchObject({ density: 'compact', undoSeconds: 20 });
});
