import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDots, IconFilter, IconPencil, IconTrash, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SmartView } from '#/shared/api/types';
import { useUser } from '#/shared/requests/authState';
import { shownViewName } from '#/shared/requests/viewNames';
import { count } from '#/shared/time/format';
import { leadCountQuery } from './leadList';
import { wordsOf } from './smartViews';
import { useSmartViews } from './useSmartViews';
import { ViewDialog } from './ViewDialog';
import classes from './leadList.module.css';

/** The Smart Views at the side, each with how many it finds. */
export function ViewList({ openId }: { openId: string | undefined }) {
  const { t } = useTranslation();
  const { views, move, share, remove } = useSmartViews();
  const [renaming, setRenaming] = useState<SmartView | null>(null);
  return (
    <nav className={classes.views} aria-label={t('leadList.views')}>
      <Text component="h2" size="xs" fw={600} c="var(--text-3)" className={classes.viewsTitle}>{t('leadList.views')}</Text>
      {views.map((view, index) => (
        <ViewLine key={view.id} view={view} isOpen={view.id === openId} isFirst={index === 0} isLast={index === views.length - 1}
          onRename={() => setRenaming(view)} onMove={(by) => move(view.id, by)} onShare={() => share(view)} onRemove={() => remove(view)} />
      ))}
      {renaming && <ViewDialog view={renaming} words={wordsOf(renaming)} onClose={() => setRenaming(null)} />}
    </nav>
  );
}

type LineProps = { view: SmartView; isOpen: boolean; isFirst: boolean; isLast: boolean; onRename: () => void; onMove: (by: -1 | 1) => void; onShare: () => void; onRemove: () => void };

function ViewLine({ view, isOpen, isFirst, isLast, onRename, onMove, onShare, onRemove }: LineProps) {
  const { t } = useTranslation();
  const me = useUser();
  const { data } = useQuery(leadCountQuery(wordsOf(view)));
  const name = shownViewName(view, t);
  const canChange = view.user_id === me.id || me.role === 'admin';
  return (
    <div className={classes.view} data-open={isOpen || undefined}>
      <Link to="/leads" search={{ view: view.id }} className={classes.viewLink} aria-current={isOpen ? 'page' : undefined}>
        {view.is_shared ? <IconUsers size={15} stroke={1.7} aria-label={t('leadList.shared')} /> : <IconFilter size={15} stroke={1.7} aria-hidden />}
        <span className={classes.viewName} title={name}>{name}</span>
        <span className={classes.viewCount}>{data ? `${data.isEstimate ? '~' : ''}${count(data.total)}` : ''}</span>
      </Link>
      <Menu position="bottom-start" width={200}>
        <Menu.Target><ActionIcon className={classes.viewMore} size={26} aria-label={t('leadList.actionsOf', { name })}><IconDots size={15} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {canChange && <Menu.Item leftSection={<IconPencil size={15} />} onClick={onRename}>{t('leadList.rename')}</Menu.Item>}
          {canChange && <Menu.Item leftSection={<IconUsers size={15} />} onClick={onShare}>{t(view.is_shared ? 'leadList.unshare' : 'leadList.share')}</Menu.Item>}
          {!isFirst && <Menu.Item leftSection={<IconArrowUp size={15} />} onClick={() => onMove(-1)}>{t('leadList.moveUp')}</Menu.Item>}
          {!isLast && <Menu.Item leftSection={<IconArrowDown size={15} />} onClick={() => onMove(1)}>{t('leadList.moveDown')}</Menu.Item>}
          {canChange && <><Menu.Divider /><Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={onRemove}>{t('leadList.delete')}</Menu.Item></>}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
