import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';

/** A dialog that is there for as long as it is rendered. Mantine gives the focus back when one is closed, not when it goes. */
export function ShownModal(props: Omit<ModalProps, 'opened'>) {
  const [opener] = useState(() => document.activeElement);
  useEffect(() => () => {
    requestAnimationFrame(() => { if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus({ preventScroll: true }); });
  }, [opener]);
  return <Modal opened {...props} />;
}
