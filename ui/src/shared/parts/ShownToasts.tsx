import { Notifications } from '@mantine/notifications';

export default function ShownToasts() {
  return <Notifications position="bottom-left" containerWidth={340} autoClose={6000} limit={3} />;
}
