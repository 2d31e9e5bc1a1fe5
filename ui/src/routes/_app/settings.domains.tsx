import { createFileRoute } from '@tanstack/react-router';
import { DomainsPage } from '#/features/access/DomainsPage';

export const Route = createFileRoute('/_app/settings/domains')({ component: DomainsPage });
