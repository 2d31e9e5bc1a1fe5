/** What a person set for this browser. Nothing here is server data. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type AfterDone = 'next' | 'previous' | 'list';
export const UNDO_SECONDS = [5, 10, 20, 30, 59] as const; // the server holds an email for less than a minute

type Preferences = {
  undoSeconds: number;
  afterDone: AfterDone;
  /** Addresses whose remote images are shown without asking. */
  imageSenders: string[];
  set: (change: Partial<Pick<Preferences, 'undoSeconds' | 'afterDone' | 'imageSenders'>>) => void;
};

export const usePreferences = create<Preferences>()(
  persist((set) => ({ undoSeconds: 10, afterDone: 'next', imageSenders: [], set }), { name: 'postroom-preferences' }),
);
