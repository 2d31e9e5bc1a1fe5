/** Which dialog about an email stands open: asked for by a key, a menu or the palette, shown by the frame of the page. */
import { create } from 'zustand';
import { queryClient } from '#/shared/api/queryClient';
import { holdKeys } from '#/shared/commands/heldKeys';
import { notifyError } from '#/shared/parts/notify';
import { threadQuery } from '#/shared/requests/thread';
import { newestOut } from './reply';

type Dialogs = { originalOf: string | null; moving: { threadId: string; leadId: string } | null };
const NONE: Dialogs = { originalOf: null, moving: null };
export const useMailDialogs = create<Dialogs>(() => NONE);

export const showOriginal = (emailId: string) => useMailDialogs.setState({ ...NONE, originalOf: emailId });
/** The same for the newest email of a conversation. */
export const showNewestOriginal = (threadId: string) => queryClient.fetchQuery(threadQuery(threadId)).then((thread) => {
  const newest = newestOut(thread.emails);
  if (newest) showOriginal(newest.id);
}, notifyError);
/** The lead's name may be typed at once, before the dialog is there. */
export const askWhereTo = (threadId: string, leadId: string) => {
  holdKeys();
  useMailDialogs.setState({ ...NONE, moving: { threadId, leadId } });
};
export const closeMailDialog = () => useMailDialogs.setState(NONE);
