import { createFileRoute } from '@tanstack/react-router';
import { GroupsPage } from '#/features/access/GroupsPage';

export const Route = createFileRoute('/_app/settings/groups')({ component: GroupsPage });
