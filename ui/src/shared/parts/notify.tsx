import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { explainError } from './explainError';

export const notifyError = (error: unknown, title?: string) =>
  void notifications.show({ color: 'red', ...(title ? { title } : {}), message: explainError(error, i18next.t), autoClose: 8000, withBorder: true });
export const notifyDone = (message: string) => void notifications.show({ message, autoClose: 4000, withBorder: true });
/** Something that was refused before it was tried. */
export const notifyProblem = (message: string) => void notifications.show({ color: 'red', message, autoClose: 8000, withBorder: true });
