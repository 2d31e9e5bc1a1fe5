import { useQuery } from '@tanstack/react-query';
import { createFileRoute, useNavigate } from '@tanstack/react-router';
import { WelcomePage } from '#/features/entry/WelcomePage';
import { useUser } from '#/shared/requests/authState';
import { anyLeadQuery } from '#/shared/requests/anyLead';

export const Route = createFileRoute('/_app/welcome')({ component: Welcome });

function Welcome() {
  const user = useUser();
  const navigate = useNavigate();
  const { data: hasLead = false } = useQuery(anyLeadQuery);
  return (
    <WelcomePage firstName={user.first_name} hasLead={hasLead}
      onConnect={() => void navigate({ to: '/settings/accounts/new' })}
      onAddContact={() => void navigate({ to: '/leads', search: { new: true } })}
      onSkip={() => void navigate({ to: '/' })} />
  );
}
