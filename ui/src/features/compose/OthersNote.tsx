import { useQuery } from '@tanstack/react-query';
import { OthersWriting } from '#/shared/mail/OthersWriting';
import { emailQuery } from '#/shared/requests/email';

/** Before Send: whether somebody else is answering the same conversation. */
export function OthersNote({ inReplyToId }: { inReplyToId: string | null }) {
  const { data: answered } = useQuery({ ...emailQuery(inReplyToId ?? ''), enabled: !!inReplyToId });
  return <OthersWriting threadId={answered?.thread_id} />;
}
