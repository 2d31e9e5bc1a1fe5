import { createFileRoute } from '@tanstack/react-router';
import { ProposalsPage } from '#/features/proposals/ProposalsPage';

export const Route = createFileRoute('/_app/settings/proposals')({ component: ProposalsPage });
