/** The email being written: one at a time, open in the dock, kept when the page is reloaded. */
import { create } from 'zustand';
import type { Attachment } from '#/shared/api/types';
import { holdKeys } from '#/shared/commands/heldKeys';
import { usePreferences } from '#/shared/preferences';
import type { Address } from './addresses';

export type Writing = {
  /** The email on the server, once saved. */
  draftId: string | null;
  leadId: string | null;
  accountId: string | null;
  from: Address | null;
  to: Address[]; cc: Address[]; bcc: Address[];
  subject: string;
  html: string;
  /** The email that is answered or passed on; its text goes below ours. */
  quoted: { emailId: string; html: string; kind: 'reply' | 'forward' } | null;
  inReplyToId: string | null;
  attachments: Attachment[];
  /** Whether the signature of the account stands below. */
  isSigned: boolean;
  /** A task is made then, when no reply has come. */
  followUpAt: string | null;
  /** The template whose words these are: for its statistics, and so that none of its variables goes out. */
  templateId: string | null;
  /** Whether opening and clicks are told; null: as the account says. */
  tracksOpens: boolean | null;
  tracksClicks: boolean | null;
};

const EMPTY: Writing = {
  draftId: null, leadId: null, accountId: null, from: null, to: [], cc: [], bcc: [], subject: '', html: '', quoted: null,
  inReplyToId: null, attachments: [], isSigned: true, followUpAt: null, templateId: null,
  tracksOpens: null, tracksClicks: null,
};

/** `draftId`: the email on the server that the open window is writing. */
type Composing = { wasUsed: boolean; isOpen: boolean; isSmall: boolean; writing: Writing; draftId: string | null; seq: number };
export const useComposing = create<Composing>(() => ({ wasUsed: false, isOpen: false, isSmall: false, writing: EMPTY, draftId: null, seq: 0 }));

/** Whether the person's choice puts a signature under such an email. */
function isSignedBySelf(start: Partial<Writing>): boolean {
  const { signature } = usePreferences.getState();
  return signature === 'always' || (signature === 'new' && !start.inReplyToId && !start.quoted);
}

let leave: (() => void) | null = null;
/** The open window asks to be told before another email takes its place, so that nothing written is lost. */
export function onReplaced(run: () => void): () => void {
  leave = run;
  return () => { if (leave === run) leave = null; };
}

export function openComposing(start: Partial<Writing> = {}): void {
  holdKeys();
  const { isOpen } = useComposing.getState();
  // What was open when the page went down is still on its way to the screen: an empty email would bury it.
  if (isOpen && !leave && !Object.keys(start).length) return;
  if (isOpen) leave?.();
  useComposing.setState((state) => ({ wasUsed: true, isOpen: true, isSmall: false, seq: state.seq + 1, writing: { ...EMPTY, isSigned: isSignedBySelf(start), ...start }, draftId: start.draftId ?? null }));
}
export const closeComposing = () => useComposing.setState({ isOpen: false });
export const setWrittenDraft = (draftId: string) => useComposing.setState({ draftId });
export const setComposingSmall = (isSmall: boolean) => useComposing.setState({ isSmall });

export const WRITING_KEPT = 'postroom-writing';
/** A copy in the browser, for the second between the last key and the server's draft, and for offline. */
export function keepWriting(writing: Writing | null): void {
  try {
    if (writing) localStorage.setItem(WRITING_KEPT, JSON.stringify(writing)); else localStorage.removeItem(WRITING_KEPT);
  } catch { /* storage is full or switched off: the server's draft remains */ }
}
export function keptWriting(): Writing | null {
  try {
    const text = localStorage.getItem(WRITING_KEPT);
    return text ? { ...EMPTY, ...(JSON.parse(text) as Writing) } : null;
  } catch { return null; }
}
