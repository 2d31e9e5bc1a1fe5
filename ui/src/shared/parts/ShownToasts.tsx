import { Notifications } from '@mantine/notifications';

export default function ShownToasts() {
  return <Notifications position="bottom-left" autoClose={6000} limit={3} />;
}
