import { afterEach, expect, test, vi } from 'vitest';
import { lateCode } from './lateCode';

afterEach(() => { vi.useRealTimers(); vi.restoreAllMocks(); });

test('what could not be fetched is asked for again', async () => {
  vi.useFakeTimers();
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue('here');
  const got = lateCode(load);
  await vi.advanceTimersByTimeAsync(2000);
  await expect(got).resolves.toBe('here');
});

test('offline it waits as long as it takes, and goes on at once when the browser is online', async () => {
  vi.useFakeTimers();
  const isOnline = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  const load = vi.fn<() => Promise<string>>().mockRejectedValue(new Error('away'));
  const got = lateCode(load);
  await vi.advanceTimersByTimeAsync(60_000);
  load.mockResolvedValue('here');
  isOnline.mockReturnValue(true);
  dispatchEvent(new Event('online'));
  await expect(got).resolves.toBe('here');
});

test('what is not there any more is given up', async () => {
  vi.useFakeTimers();
  const load = vi.fn<() => Promise<string>>().mockRejectedValue(new Error('gone'));
  const got = expect(lateCode(load)).rejects.toThrow('gone');
  await vi.advanceTimersByTimeAsync(60_000);
  await got;
  expect(load).toHaveBeenCalledTimes(4);
});
