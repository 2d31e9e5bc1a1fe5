import { createFileRoute } from '@tanstack/react-router';
import { ForgotForm } from '#/features/entry/ForgotForm';

export const Route = createFileRoute('/forgot')({ component: ForgotForm });
