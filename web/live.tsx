/** Live updates: the server says which order has changed, and what is shown of it is read again. */
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';

const Context = createContext(false);

export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    // The browser connects again by itself, and says which event it saw last.
    const source = new EventSource('/portal/live');
    source.onopen = () => setLive(true);
    source.onerror = () => setLive(false);
    source.addEventListener('order', ({ data }: MessageEvent<string>) => {
      const { order } = JSON.parse(data) as { order: string };
      void queries.invalidateQueries({ queryKey: ['order', order] });
      void queries.invalidateQueries({ queryKey: ['orders'] });
    });
    // It cannot tell what was missed: everything that is shown is read again.
    source.addEventListener('reset', () => void queries.invalidateQueries());
    return () => source.close();
  }, [queries]);
  return <Context value={isLive}>{children}</Context>;
}

/** Whether updates are arriving. */
export const useLive = (): boolean => use(Context);
