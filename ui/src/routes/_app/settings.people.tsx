import { createFileRoute } from '@tanstack/react-router';
import { PeoplePage } from '#/features/access/PeoplePage';

export const Route = createFileRoute('/_app/settings/people')({ component: PeoplePage });
