import { IconArrowLeft } from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './parts.module.css';

/** The way from a page to the one it belongs to, before its heading. */
export function BackTo({ to }: Pick<LinkProps, 'to'>) {
  const { t } = useTranslation();
  return <Link to={to} className={classes.back} aria-label={t('general.back')}><IconArrowLeft size={18} /></Link>;
}
