/** Something that an operator does: sent once, told when it is done, and what is shown is read again. */
import { useRef } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api';
import { useTold } from '../told';
import { words } from '../words';

interface Doing {
  path: string;
  body: object;
}

export function useDoing() {
  const told = useTold();
  const queries = useQueryClient();
  const key = useRef(crypto.randomUUID());
  return useMutation({
    mutationFn: ({ path, body }: Doing) => call(path, { method: 'POST', body, key: key.current }),
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
    onSuccess: async () => {
      told(words.desk.done);
      await queries.invalidateQueries();
    },
  });
}
