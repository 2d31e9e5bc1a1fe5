import type { Lead } from '#/shared/api/types';
import { ContactList } from './ContactList';
import { FieldPanel } from './FieldPanel';
import { OpportunityPanel } from './OpportunityPanel';
import { TaskPanel } from './TaskPanel';

/** What is known of a lead and can be changed where it stands: beside its timeline, and beside an open conversation. */
export function LeadSide({ lead }: { lead: Lead }) {
  return (
    <>
      <ContactList key={lead.id} lead={lead} />
      <TaskPanel key={`tasks ${lead.id}`} lead={lead} />
      <OpportunityPanel key={`deals ${lead.id}`} lead={lead} />
      <FieldPanel key={`fields ${lead.id}`} lead={lead} />
    </>
  );
}
