import { createFileRoute } from '@tanstack/react-router';
import { HealthPage } from '#/features/accounts/HealthPage';

export const Route = createFileRoute('/_app/settings/health')({ component: HealthPage });
