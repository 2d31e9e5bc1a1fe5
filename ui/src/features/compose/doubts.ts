/** What is asked once before an email leaves. A variable that nobody knows is no doubt: such an email is not sent. */
import type { Writing } from '#/shared/mail/composing';
import { doubtOf, type Doubt } from './content';
import { fill, readerOf, tokensOf, type Gap } from './filling';
import { findLeadOf } from './leadOf';

export type Doubts = { kind: Doubt | null; gaps: Gap[] };

export async function doubtsOf(writing: Writing): Promise<Doubts | null> {
  const kind = doubtOf(writing);
  const gaps = tokensOf(writing).length ? await gapsOf(writing) : [];
  return kind || gaps.length ? { kind, gaps } : null;
}

async function gapsOf(writing: Writing): Promise<Gap[]> {
  try {
    const leadId = writing.leadId ?? await findLeadOf([...writing.to, ...writing.cc, ...writing.bcc]);
    return (await fill(writing, await readerOf(writing, leadId))).gaps;
  } catch {
    return []; // sending meets the same trouble, and says it
  }
}
