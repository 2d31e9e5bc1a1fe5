import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { fullDate, shortDate } from '#/shared/time/format';
import classes from './leads.module.css';

/** When something happened, and the way to share it: its own address, as the web does it. */
export function EntryTime({ leadId, entryId, at, isThread = false }: { leadId: string; entryId: string; at: string; isThread?: boolean }) {
  const { t } = useTranslation();
  return (
    <Link to="/leads/$leadId" params={{ leadId }} search={isThread ? { thread: entryId } : { entry: entryId }} className={classes.when} title={t('leads.linkHere', { when: fullDate(at) })}>
      <time dateTime={at}>{shortDate(at)}</time>
    </Link>
  );
}
