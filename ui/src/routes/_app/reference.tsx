import { createFileRoute } from '@tanstack/react-router';
import { ReferencePage, type ReferenceSearch } from '#/features/reference/ReferencePage';

const said = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
const clean = ({ part, q, op }: Record<keyof ReferenceSearch, unknown> | ReferenceSearch): ReferenceSearch => ({ ...(said(part) ? { part: said(part) } : {}), ...(said(q) ? { q: said(q) } : {}), ...(said(op) ? { op: said(op) } : {}) });

export const Route = createFileRoute('/_app/reference')({
  validateSearch: (search: Record<string, unknown>): ReferenceSearch => clean({ part: search.part, q: search.q, op: search.op }),
  component: function Reference() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return <ReferencePage search={search} onSearch={(next) => void navigate({ search: clean(next), replace: next.part === search.part })} />;
  },
});
