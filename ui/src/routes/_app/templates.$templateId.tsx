import { createFileRoute } from '@tanstack/react-router';
import { TemplatePage } from '#/features/templates/TemplatePage';

const NEW = 'new';

export const Route = createFileRoute('/_app/templates/$templateId')({ component: OneTemplate });

function OneTemplate() {
  const { templateId } = Route.useParams();
  const navigate = Route.useNavigate();
  return (
    <TemplatePage key={templateId} templateId={templateId === NEW ? undefined : templateId}
      onSaved={(saved) => void navigate({ to: '/templates/$templateId', params: { templateId: saved }, replace: templateId === NEW })}
      onLeave={() => void navigate({ to: '/templates' })} />
  );
}
