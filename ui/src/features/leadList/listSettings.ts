/** How a person likes the list of leads, in this browser. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

type ListSettings = { columns: string[]; viewOrder: string[]; set: (change: Partial<Pick<ListSettings, 'columns' | 'viewOrder'>>) => void };

export const useListSettings = create<ListSettings>()(
  persist((set) => ({ columns: ['contacts', 'email', 'status', 'lastActivity'], viewOrder: [], set }), { name: 'postroom-lead-list' }),
);
