import { Group, Text } from '@mantine/core';
import { IconCalendarEvent, IconCalendarX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Attachment } from '#/shared/api/types';
import { exactDate, shortDay, timeOfDay } from '#/shared/time/format';
import { dayIn } from '#/shared/time/zone';
import { readInvitation, type EventTime, type Invitation } from './invitation';
import classes from './mail.module.css';

const ANSWERS = ['accepted', 'declined', 'tentative'] as const;

/** A calendar file as people read it. Answering it is for the calendar program that opens the file. */
export function InvitationNote({ file }: { file: Attachment }) {
  const { t } = useTranslation();
  const { data: invitation } = useQuery({
    queryKey: ['invitation', file.url], staleTime: Infinity, retry: false,
    queryFn: async ({ signal }) => { const answer = await fetch(new URL(file.url, location.href).pathname, { signal }); return answer.ok ? readInvitation(await answer.text()) : null; },
  });
  if (!invitation) return null;
  const Sign = invitation.method === 'cancel' ? IconCalendarX : IconCalendarEvent;
  const rows = [whenWords(t, invitation), invitation.location, invitation.organizer && t('mail.invitation.from', { who: invitation.organizer })].filter(Boolean);
  return (
    <Group className={classes.invitation} gap={12} wrap="nowrap" align="flex-start" data-off={invitation.method === 'cancel' || undefined}>
      <Sign size={22} stroke={1.6} aria-hidden />
      <div>
        <Text size="xs" c="var(--text-3)">{kindWords(t, invitation)}</Text>
        <Text size="sm" fw={600} className={classes.invitationTitle}>{invitation.summary || t('mail.invitation.untitled')}</Text>
        {rows.map((words) => <Text key={words} size="sm" c="var(--text-2)">{words}</Text>)}
      </div>
    </Group>
  );
}

function kindWords(t: TFunction, { method, answer }: Invitation): string {
  const is = ANSWERS.find((each) => each === answer?.is);
  if (answer && is) return t(`mail.invitation.${is}`, { who: answer.who });
  return t(method === 'request' ? 'mail.invitation.request' : method === 'cancel' ? 'mail.invitation.cancel' : 'mail.invitation.other');
}

function whenWords(t: TFunction, { start, end, repeats }: Invitation): string {
  if (!start) return '';
  const ends = end && 'at' in end && 'at' in start ? ` – ${dayIn(start.at) === dayIn(end.at) ? timeOfDay(end.at) : exactDate(end.at)}` : '';
  return `${timeWords(start)}${ends}${repeats ? ` · ${t('mail.invitation.repeats')}` : ''}`;
}
const timeWords = (time: EventTime) => ('at' in time ? exactDate(time.at) : 'day' in time ? shortDay(time.day) : `${time.wall} (${time.zone})`);
