import { MantineProvider } from '@mantine/core';
import { act, cleanup, render, waitFor } from '@testing-library/react';
import { useEffect } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useOpenId } from '#/shared/parts/useOpenId';
import { useSelection } from '#/shared/parts/useSelection';
import type { InboxTask } from '#/shared/api/types';
import { startTexts } from '#/shared/i18n';
import { TaskList } from './TaskList';

const drawn = new Set<string>();
/** An Inbox item that notes when its row is drawn. */
const task = (number: number) => ({
  id: `noti_${number}`, _type: 'incoming_email', view: 'inbox', date: '2026-11-01T08:00:00Z', date_created: '2026-11-01T08:00:00Z', sender: 'p@x.example', contact_name: 'P', lead_name: 'L', n_emails: 1,
  get subject() { drawn.add(`noti_${number}`); return `Question ${number}`; },
}) as unknown as InboxTask;
const TASKS = Array.from({ length: 10_000 }, (_each, number) => task(number));
const IDS = TASKS.map((each) => each.id);

const hands = { open: (_id: string): void => undefined, tick: (_id: string): void => undefined };
function Inbox() {
  const [openId, setOpenId] = useOpenId('noti_2', '', () => undefined);
  const selection = useSelection(IDS);
  const tick = selection.toggle;
  useEffect(() => { hands.open = (id) => setOpenId(id, false); hands.tick = tick; }, [setOpenId, tick]);
  return <TaskList items={TASKS} isPending={false} hasMore={false} onMore={() => undefined} openId={openId} ticked={selection.selected} canTick showsOwner={false} onOpen={setOpenId as never} onTick={selection.toggle} onTickTo={selection.range} label="Inbox" ref={null} />;
}

beforeEach(async () => {
  await startTexts();
  // The document here has no layout: the list is as high as a screen.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(760);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(380);
});
afterEach(() => { cleanup(); vi.restoreAllMocks(); });

test('of ten thousand conversations a screenful is drawn; a step to the next draws the row that is left and the one that is reached', async () => {
  const { container } = render(<MantineProvider><Inbox /></MantineProvider>);
  await waitFor(() => expect(container.querySelectorAll('[role=option]').length).toBeGreaterThan(10));
  expect(container.querySelectorAll('[role=option]').length).toBeLessThanOrEqual(40);
  drawn.clear();
  act(() => hands.open('noti_3'));
  expect(container.querySelector('[aria-selected=true]')?.id).toBe('row-noti_3');
  expect([...drawn].sort()).toEqual(['noti_2', 'noti_3']);
  drawn.clear();
  act(() => hands.tick('noti_5'));
  expect([...drawn]).toEqual(['noti_5']);
});
