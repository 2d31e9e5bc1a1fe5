import { createFileRoute } from '@tanstack/react-router';
import { KeysPage } from '#/features/access/KeysPage';

export const Route = createFileRoute('/_app/settings/keys')({ component: KeysPage });
