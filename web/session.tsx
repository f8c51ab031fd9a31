/** Who is signed in, as the server says; everything else waits for it. */
import { createContext, use, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { SessionAnswer } from '../clients/http/portal/answers';
import { call } from './api';
import { Loading, Failed } from './parts';

export type Me = NonNullable<SessionAnswer['me']>;

const Context = createContext<SessionAnswer | undefined>(undefined);

export function SessionProvider({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['session'],
    queryFn: () => call<SessionAnswer>('/portal/session'),
    staleTime: 5 * 60_000,
  });
  if (error) return <Failed fault={error} again={() => void refetch()} />;
  if (!data) return <Loading />;
  return <Context value={data}>{children}</Context>;
}

export const useSession = (): SessionAnswer => use(Context) ?? {};

/** Who is signed in; pages behind the sign-in may rely on it. */
export function useMe(): Me {
  const { me } = useSession();
  if (!me) throw new Error('nobody is signed in');
  return me;
}
