import { createFileRoute } from '@tanstack/react-router';
import { FieldsPage } from '#/features/fields/FieldsPage';

export const Route = createFileRoute('/_app/settings/fields')({ component: FieldsPage });
