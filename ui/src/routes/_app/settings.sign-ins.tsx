import { createFileRoute } from '@tanstack/react-router';
import { ClientsPage } from '#/features/accounts/ClientsPage';

export const Route = createFileRoute('/_app/settings/sign-ins')({ component: ClientsPage });
