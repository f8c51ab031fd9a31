/** Tells that something was done: for a moment, over the head of the page, where it covers nothing that is read. */
import { notifications } from '@mantine/notifications';
import type { Texts } from '../domain/vocabulary';
import { useReader } from './language';
import { words } from './words';

const shownMs = 3000;

export function useTold(): (what: Texts) => void {
  const { say } = useReader();
  return (what) => {
    notifications.show({
      message: say(what),
      color: 'green',
      autoClose: shownMs,
      closeButtonProps: { 'aria-label': say(words.action.cancel) },
    });
  };
}
