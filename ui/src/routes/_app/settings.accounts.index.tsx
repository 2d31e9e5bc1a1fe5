import { createFileRoute } from '@tanstack/react-router';
import { AccountListPage } from '#/features/accounts/AccountListPage';

export const Route = createFileRoute('/_app/settings/accounts/')({ component: AccountListPage });
