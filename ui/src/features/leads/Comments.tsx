import { ActionIcon, Button, Group, Text, Textarea, Tooltip } from '@mantine/core';
import { IconMessage, IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comment } from '#/shared/api/types';
import { Initials } from '#/shared/parts/Initials';
import { notifyError } from '#/shared/parts/notify';
import { useUser } from '#/shared/requests/authState';
import { userName, usersQuery } from '#/shared/requests/users';
import { fullDate, shortDate } from '#/shared/time/format';
import { addComment, changeComment, commentsQuery, removeComment, textOf } from './comments';
import classes from './leads.module.css';

type Props = { objectId: string; count: number; /** What else can be done here, in the same line. */ beside?: ReactNode };

/** The comments on something: open where there are any, one quiet button where there are none. */
export function Comments({ objectId, count, beside }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isWriting, setWriting] = useState(false);
  const { data: comments = [] } = useQuery({ ...commentsQuery(objectId), enabled: count > 0 });
  const change = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['comments'] }),
    onError: (error) => notifyError(error),
  });
  return (
    <div className={classes.comments}>
      {count > 0 && <ul className={classes.commentList}>{comments.map((comment) => <CommentRow key={comment.id} comment={comment} run={change.mutate} />)}</ul>}
      {isWriting
        ? <CommentForm label={t('company.comments.write')} action={t('company.comments.save')} onClose={() => setWriting(false)} onSave={(text) => { setWriting(false); change.mutate(() => addComment(objectId, text)); }} />
        : <Button size="compact-xs" variant="subtle" color="gray" fw={500} leftSection={<IconMessage size={13} />} onClick={() => setWriting(true)}>{t('company.comments.add')}</Button>}
      {beside}
    </div>
  );
}

function CommentRow({ comment, run }: { comment: Comment; run: (change: () => Promise<unknown>) => void }) {
  const { t } = useTranslation();
  const me = useUser();
  const { data: users = [] } = useQuery(usersQuery);
  const [isEditing, setEditing] = useState(false);
  const author = users.find((user) => user.id === comment.created_by);
  const name = author ? userName(author) : t('records.note.someone');
  const isMine = comment.created_by === me.id && comment.body !== null;
  return (
    <li className={classes.comment}>
      <Initials name={name} size={22} />
      <div className={classes.commentText}>
        <Group gap={6} wrap="nowrap">
          <Text size="xs" fw={600} truncate>{name}</Text>
          <Text component="time" dateTime={comment.date_created} title={fullDate(comment.date_created)} size="xs" c="var(--text-3)" className={classes.when}>{shortDate(comment.date_created)}</Text>
          {isMine && !isEditing && (
            <Group gap={0} ml="auto" wrap="nowrap">
              <Tooltip label={t('company.comments.edit')}><ActionIcon size={24} aria-label={t('company.comments.edit')} onClick={() => setEditing(true)}><IconPencil size={13} /></ActionIcon></Tooltip>
              <Tooltip label={t('company.comments.remove')}><ActionIcon size={24} aria-label={t('company.comments.remove')} onClick={() => run(() => removeComment(comment.id))}><IconTrash size={13} /></ActionIcon></Tooltip>
            </Group>
          )}
        </Group>
        {isEditing
          ? <CommentForm label={t('company.comments.edit')} action={t('general.save')} before={textOf(comment)} onClose={() => setEditing(false)} onSave={(text) => { setEditing(false); run(() => changeComment(comment.id, text)); }} />
          : <Text size="sm" className={classes.noteText} {...(comment.body === null ? { c: 'var(--text-3)', fs: 'italic' } : {})}>{comment.body === null ? t('company.comments.removed') : textOf(comment)}</Text>}
      </div>
    </li>
  );
}

type FormProps = { label: string; action: string; before?: string; onSave: (text: string) => void; onClose: () => void };

function CommentForm({ label, action, before = '', onSave, onClose }: FormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(before);
  const save = () => { if (text.trim()) onSave(text); };
  return (
    <form onSubmit={(event) => { event.preventDefault(); save(); }}>
      <Textarea size="sm" autosize minRows={1} maxRows={12} autoFocus aria-label={label} placeholder={t('company.comments.placeholder')} value={text} onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save(); if (event.key === 'Escape' && text === before) onClose(); }} />
      <Group gap={6} mt={6}>
        <Button size="compact-xs" type="submit" disabled={!text.trim()}>{action}</Button>
        <Button size="compact-xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
      </Group>
    </form>
  );
}
