import { afterEach, expect, test } from 'vitest';
import { closeComposing, keepWriting, keptWriting, openComposing, useComposing } from './composing';
import { claimKept, countKept, forgetKept } from './keptHere';
import { setAside } from './setAside';
import { useSetAside } from './setAsideList';

afterEach(() => { closeComposing(); localStorage.clear(); useSetAside.setState({ emails: [] }); });

function write(subject: string): void {
  openComposing({ subject });
  setAside(useComposing.getState().writing);
  keepWriting(useComposing.getState().writing);
}

test('whoever comes next sees nothing of what the one before has written, who finds it again', () => {
  claimKept('user_ann');
  write('Secret offer');
  claimKept('user_ben');
  expect([useSetAside.getState().emails, keptWriting(), countKept()]).toEqual([[], null, 0]);
  write('Of Ben');
  claimKept('user_ann');
  expect(useSetAside.getState().emails.map(({ writing }) => writing.subject)).toEqual(['Secret offer']);
  expect(keptWriting()?.subject).toBe('Secret offer');
  claimKept('user_ben');
  expect(keptWriting()?.subject).toBe('Of Ben');
});

test('what was there before anybody was named belongs to the first who comes', () => {
  write('Before');
  claimKept('user_ann');
  expect(keptWriting()?.subject).toBe('Before');
});

test('signing out leaves nothing behind', () => {
  claimKept('user_ann');
  write('Secret offer');
  expect(countKept()).toBe(2);
  forgetKept();
  expect(JSON.stringify({ ...localStorage })).not.toContain('Secret');
});

test('an open email that the server has is not counted', () => {
  openComposing({ subject: 'Saved', draftId: 'acti_1' });
  keepWriting(useComposing.getState().writing);
  expect(countKept()).toBe(0);
});
