import { createFileRoute } from '@tanstack/react-router';
import { TasksPage, type TasksSearch } from '#/features/tasks/TasksPage';
import { authStateQuery } from '#/shared/requests/authState';
import { tasksQuery } from '#/shared/requests/leadTasks';

export const Route = createFileRoute('/_app/tasks')({
  validateSearch: (search: Record<string, unknown>): TasksSearch => ({ ...(search.show === 'done' ? { show: 'done' } : {}), ...(typeof search.who === 'string' ? { who: search.who } : {}) }),
  loaderDeps: ({ search: { show, who } }) => ({ show, who }),
  loader: async ({ context: { queryClient }, deps }) => {
    const { user } = await queryClient.ensureQueryData(authStateQuery);
    if (user) void queryClient.prefetchInfiniteQuery(tasksQuery(deps.show === 'done', deps.who ?? user.id));
  },
  component: Tasks,
});

function Tasks() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <TasksPage search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />;
}
