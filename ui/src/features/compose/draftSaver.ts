/** Saves a draft a second after the last key, one save after the other, and never after the email has left. */
import { keepWriting, type Writing } from '#/shared/mail/composing';
import { changeEmail, createEmail } from '#/shared/requests/changeEmail';
import { contentOf, isUntouched } from './content';

const QUIET_MS = 1000;
export type SaveState = { is: 'idle' | 'saving' | 'saved' | 'kept'; at: Date | null };
type Around = { read: () => Writing; onDraftId: (id: string) => void; onState: (state: SaveState) => void };

export class DraftSaver {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private queue: Promise<void> = Promise.resolve();
  private isDirty = false;
  private isStopped = false;

  constructor(private readonly around: Around) {}

  touch(): void {
    this.isDirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { keepWriting(this.around.read()); void this.flush(); }, QUIET_MS);
  }

  /** The page goes away: a request may not arrive any more, the browser's copy does. */
  leavePage(): void {
    const writing = this.around.read();
    if (this.isDirty && !this.isStopped && !isUntouched(writing)) keepWriting(writing);
    void this.flush();
  }

  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.queue = this.queue.then(() => this.save());
    return this.queue;
  }

  /** No save after this one: the email leaves or is thrown away. Resolves when the last save is through. */
  stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    keepWriting(null);
    return this.queue;
  }

  private async save(): Promise<void> {
    const { read, onDraftId, onState } = this.around;
    const writing = read();
    if (!this.isDirty || this.isStopped || isUntouched(writing)) return;
    // The server keeps drafts on leads; until one is known the browser's copy is the only one.
    if (!writing.leadId) { onState({ is: 'kept', at: new Date() }); return; }
    this.isDirty = false;
    onState({ is: 'saving', at: null });
    try {
      const { lead_id: leadId, ...content } = contentOf(writing);
      const saved = writing.draftId
        ? await changeEmail(writing.draftId, { ...content, status: 'draft' })
        : await createEmail({ ...content, lead_id: leadId!, status: 'draft' });
      onDraftId(saved.id);
      onState({ is: 'saved', at: new Date() });
    } catch {
      this.isDirty = true; // it still stands in the browser; the next key tries again
      onState({ is: 'kept', at: new Date() });
    }
  }
}
