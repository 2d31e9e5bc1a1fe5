import { createFileRoute } from '@tanstack/react-router';
import { SHELVES, type Shelf } from '#/features/templates/shelves';
import { TemplateListPage } from '#/features/templates/TemplateListPage';
import { templatesQuery } from '#/shared/requests/templates';

const isShelf = (shelf: unknown): shelf is Shelf => SHELVES.includes(shelf as Shelf);

export const Route = createFileRoute('/_app/templates/')({
  validateSearch: (search: Record<string, unknown>): { shelf?: Shelf } => (isShelf(search.shelf) ? { shelf: search.shelf } : {}),
  loaderDeps: ({ search }) => ({ shelf: search.shelf }),
  loader: ({ context, deps }) => { void context.queryClient.prefetchQuery(templatesQuery(deps.shelf === 'archived')); },
  component: Templates,
});

function Templates() {
  const { shelf = 'all' } = Route.useSearch();
  const navigate = Route.useNavigate();
  const open = (templateId: string) => void navigate({ to: '/templates/$templateId', params: { templateId } });
  return <TemplateListPage shelf={shelf} onShelf={(next) => void navigate({ search: next === 'all' ? {} : { shelf: next }, replace: true })} onOpen={open} onNew={() => open('new')} />;
}
