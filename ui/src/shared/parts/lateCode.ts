/**
 * Parts of the page that come after the first rows. A connection that is away for a moment must not take down the page
 * that is there: the part is asked for again, once the browser is online.
 */
const AGAIN_MS = 2000;
const TRIES = 4;

export async function lateCode<T>(load: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ;) {
    try {
      return await load();
    } catch (error) {
      if (navigator.onLine) left -= 1; // else nothing was tried
      if (left <= 0) throw error;
      await rest();
    }
  }
}

function rest(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => { removeEventListener('online', done); clearTimeout(timer); resolve(); };
    const timer = setTimeout(done, AGAIN_MS);
    addEventListener('online', done);
  });
}
