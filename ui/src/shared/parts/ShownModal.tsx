import { Modal, type ModalProps } from '@mantine/core';
import { useFocusBack } from './useFocusBack';

/** A dialog that is there for as long as it is rendered. Mantine gives the focus back when one is closed, not when it goes. */
export function ShownModal(props: Omit<ModalProps, 'opened'>) {
  useFocusBack();
  return <Modal opened {...props} />;
}
