/** Something that an operator does: sent once, told when it is done, and what is shown is read again. */
import { useRef } from 'react';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api';
import { useReader } from '../language';
import { words } from '../words';

interface Doing {
  path: string;
  body: object;
}

export function useDoing() {
  const { say } = useReader();
  const queries = useQueryClient();
  const key = useRef(crypto.randomUUID());
  return useMutation({
    mutationFn: ({ path, body }: Doing) => call(path, { method: 'POST', body, key: key.current }),
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
    onSuccess: async () => {
      notifications.show({
        message: say(words.desk.done),
        color: 'green',
        closeButtonProps: { 'aria-label': say(words.action.cancel) },
      });
      await queries.invalidateQueries();
    },
  });
}
