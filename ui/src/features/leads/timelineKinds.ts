/** What a timeline can be narrowed to, and which of Close's kinds that is. */
export const TIMELINE_FILTERS = ['all', 'emails', 'notes', 'changes'] as const;
export type TimelineFilter = (typeof TIMELINE_FILTERS)[number];

const KINDS: Record<TimelineFilter, string> = {
  all: '',
  emails: 'EmailThread',
  notes: 'Note,Call,Custom',
  changes: 'LeadStatusChange,OpportunityStatusChange,TaskCompleted,LeadMerge,Created',
};
export const kindsOf = (filter: TimelineFilter) => KINDS[filter];
