/**
 * What a person has set. The server keeps it for every browser (`features/preferences/useKeptPreferences.ts`); this copy
 * is what the page reads, and what stands before the server has answered.
 */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type AfterDone = 'next' | 'previous' | 'list';
export type Density = 'comfortable' | 'compact';
/** Where a signature stands by itself: under every email, under new ones alone, nowhere. */
export type SignatureOn = 'always' | 'new' | 'never';
export const UNDO_SECONDS = [5, 10, 20, 30, 59] as const; // the server holds an email for less than a minute

export type Chosen = {
  undoSeconds: number;
  afterDone: AfterDone;
  /** Addresses whose remote images are shown without asking. */
  imageSenders: string[];
  /** Keys by command, where they are not the table's; '' takes a command's keys away. */
  shortcuts: Record<string, string>;
  density: Density;
  /** The time zone that was chosen by hand; null is the device's. */
  zone: string | null;
  signature: SignatureOn;
  /** Whether mail is darkened where the page is dark. */
  darkMail: boolean;
};
type Preferences = Chosen & { set: (change: Partial<Chosen>) => void };

export const AS_IT_COMES: Chosen = { undoSeconds: 10, afterDone: 'next', imageSenders: [], shortcuts: {}, density: 'comfortable', zone: null, signature: 'always', darkMail: false };

export const usePreferences = create<Preferences>()(
  persist((set) => ({ ...AS_IT_COMES, set }), { name: 'postroom-preferences' }),
);
