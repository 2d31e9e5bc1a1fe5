import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { explainError } from './explainError';

/** The cross has no text of its own. */
const close = () => ({ 'aria-label': i18next.t('general.close') });
export const notifyError = (error: unknown, title?: string) =>
  void notifications.show({ color: 'red', ...(title ? { title } : {}), message: explainError(error, i18next.t), autoClose: 8000, withBorder: true, closeButtonProps: close() });
export const notifyDone = (message: string) => void notifications.show({ message, autoClose: 4000, withBorder: true, closeButtonProps: close() });
/** Something that was refused before it was tried. */
export const notifyProblem = (message: string) => void notifications.show({ color: 'red', message, autoClose: 8000, withBorder: true, closeButtonProps: close() });
