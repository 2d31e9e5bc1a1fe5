import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { linksQuery } from '#/shared/requests/setup';
import { fillLink, type Holders } from './fillLink';
import classes from './leads.module.css';

/** The links to other programs that stand on a lead, contact or opportunity, with its values filled in. */
export function LinkRow({ on, ...holders }: { on: keyof Holders } & Holders) {
  const { t } = useTranslation();
  const { data = [] } = useQuery(linksQuery);
  const links = data.filter((link) => link.type === on);
  if (!links.length) return null;
  return (
    <div className={classes.links}>
      {links.map((link) => <a key={link.id} href={fillLink(link.url, holders)} target="_blank" rel="noopener noreferrer" aria-label={t('company.links.opens', { name: link.name })}><IconExternalLink size={12} aria-hidden />{link.name}</a>)}
    </div>
  );
}
