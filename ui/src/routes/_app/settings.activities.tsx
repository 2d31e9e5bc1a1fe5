import { createFileRoute } from '@tanstack/react-router';
import { ActivitiesPage } from '#/features/fields/ActivitiesPage';

export const Route = createFileRoute('/_app/settings/activities')({ component: ActivitiesPage });
