import { useQuery } from '@tanstack/react-query';
import { createFileRoute, useNavigate } from '@tanstack/react-router';
import { WelcomePage } from '#/features/entry/WelcomePage';
import { anyLeadQuery } from '#/shared/requests/anyLead';

export const Route = createFileRoute('/_app/welcome')({ component: Welcome });

function Welcome() {
  const navigate = useNavigate();
  const { data: hasLead = false } = useQuery(anyLeadQuery);
  return (
    <WelcomePage hasLead={hasLead}
      onInvite={() => void navigate({ to: '/settings/people' })}
      onSee={(leadId) => void navigate({ to: '/leads/$leadId', params: { leadId } })}
      onConnect={() => void navigate({ to: '/settings/accounts/new' })}
      onAddContact={() => void navigate({ to: '/leads', search: { new: true } })}
      onSkip={() => void navigate({ to: '/' })} />
  );
}
