import { afterEach, expect, test, vi } from 'vitest';
import { closeComposing, onReplaced, openComposing, useComposing, type Writing } from './composing';
import { setAside, takeUp } from './setAside';
import { useSetAside } from './setAsideList';

afterEach(() => { closeComposing(); localStorage.clear(); useSetAside.setState({ emails: [] }); });

test('an email set aside is kept, and opened again as it was', () => {
  openComposing({ subject: 'To whom?' });
  setAside(useComposing.getState().writing);
  closeComposing();
  const [kept] = useSetAside.getState().emails;
  expect(localStorage.getItem('postroom-set-aside')).toContain('To whom?');
  takeUp(kept!.id);
  expect(useComposing.getState()).toMatchObject({ isOpen: true, writing: { subject: 'To whom?' } satisfies Partial<Writing> });
  expect(useSetAside.getState().emails).toEqual([]);
});

test('a second email lets the first one be put away before it takes its place', () => {
  const left = vi.fn(() => useComposing.getState().writing.subject);
  openComposing({ subject: 'First' });
  const stop = onReplaced(left);
  openComposing({ subject: 'Second' });
  expect(left.mock.results.map(({ value }) => value as string)).toEqual(['First']);
  stop();
  openComposing({ subject: 'Third' });
  expect(left).toHaveBeenCalledTimes(1);
});

test('an empty email does not bury the one that is just coming back after a reload', () => {
  openComposing({ subject: 'Half written' });
  openComposing();
  expect(useComposing.getState().writing.subject).toBe('Half written');
});
