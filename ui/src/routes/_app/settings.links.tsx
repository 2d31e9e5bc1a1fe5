import { createFileRoute } from '@tanstack/react-router';
import { LinksPage } from '#/features/fields/LinksPage';

export const Route = createFileRoute('/_app/settings/links')({ component: LinksPage });
