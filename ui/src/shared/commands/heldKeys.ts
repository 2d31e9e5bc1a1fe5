/**
 * A command that opens something to type in holds the keys until the focus is there. Without this the letters of a fast
 * typist reach the page: "r", then "He…" would mark the conversation as done with its "e". Whoever goes on typing is
 * held for as long: on a slow machine the second half of a sentence must not do what its first half did not.
 */
const HOLD_MS = 3000;
let held: { text: string; until: number } | null = null;

/** Holding twice keeps what was typed since the first time. */
export function holdKeys(): void {
  const now = performance.now();
  held = { text: held && held.until > now ? held.text : '', until: now + HOLD_MS };
}

/** Called when the field has the focus; returns what was typed meanwhile, "\n" for Enter. */
export function releaseKeys(): string {
  const text = held?.text ?? '';
  held = null;
  return text;
}

/** True when the key was kept for the field that is about to open. */
export function keepKey(event: KeyboardEvent): boolean {
  if (!held) return false;
  if (performance.now() > held.until || event.key === 'Escape') { held = null; return false; }
  const isText = event.key.length === 1 || event.key === 'Enter';
  if (!isText || event.ctrlKey || event.metaKey || event.altKey) return false;
  held.until = performance.now() + HOLD_MS;
  held.text += event.key === 'Enter' ? '\n' : event.key;
  return true;
}
