import type { Lead } from '#/shared/api/types';
import { LeadSide } from './LeadSide';
import { StatusMenu } from './StatusMenu';
import classes from './leads.module.css';

/** The lead of an open conversation, for the panel of the Inbox: the lead page's own parts. */
export function InboxLead({ lead }: { lead: Lead }) {
  return (
    <>
      {lead.status_label && <div className={classes.inboxStatus}><StatusMenu key={lead.id} lead={lead} /></div>}
      <LeadSide lead={lead} />
    </>
  );
}
