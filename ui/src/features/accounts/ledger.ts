/** The books of a mailbox: everything on the server is kept, left out for a reason, failed, or not read yet. Pure. */
import type { FolderStatus } from '#/shared/api/types';

export type FolderBooks = { kept: number; leftOut: number; failed: number; unread: number; isEven: boolean };

/** `isEven`: each message on the server is accounted for. */
export function booksOf(folder: FolderStatus): FolderBooks {
  const leftOut = Math.max(0, folder.seen - folder.kept - folder.failed);
  const unread = folder.on_server - folder.seen;
  return { kept: folder.kept, leftOut, failed: folder.failed, unread: Math.max(0, unread), isEven: unread === 0 };
}
