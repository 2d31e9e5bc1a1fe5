import { createFileRoute } from '@tanstack/react-router';
import { AccessLogPage } from '#/features/access/AccessLogPage';

export const Route = createFileRoute('/_app/settings/access-log')({ component: AccessLogPage });
