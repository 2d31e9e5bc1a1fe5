import { createFileRoute } from '@tanstack/react-router';
import { RolesPage } from '#/features/access/RolesPage';

export const Route = createFileRoute('/_app/settings/roles')({ component: RolesPage });
