import { createFileRoute, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { LinkForm } from '#/features/entry/LinkForm';

export const Route = createFileRoute('/join')({ component: Join });

function Join() {
  const { queryClient } = Route.useRouteContext();
  const navigate = useNavigate();
  const [token] = useState(() => location.hash.slice(1)); // what follows # never reaches a server by itself
  const enter = () => { queryClient.clear(); void navigate({ to: '/' }); };
  return <LinkForm token={token} onSignedIn={enter} onAgain={() => void navigate({ to: '/sign-in' })} />;
}
