import { createFileRoute } from '@tanstack/react-router';
import { ShortcutsPage } from '#/features/preferences/ShortcutsPage';

export const Route = createFileRoute('/_app/settings/shortcuts')({ component: ShortcutsPage });
