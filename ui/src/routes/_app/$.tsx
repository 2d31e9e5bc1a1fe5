/** Any other address, for who is signed in: the side bar stays, so that the way goes on from there. */
import { createFileRoute } from '@tanstack/react-router';
import { NotFound } from '#/shared/parts/NotFound';

export const Route = createFileRoute('/_app/$')({ component: NotFound });
