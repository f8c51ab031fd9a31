/** All that an order's page shows, as it is asked for. */
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import { call } from '../api';

export const orderQuery = (id: string) => ({
  queryKey: ['order', id],
  queryFn: () => call<OrderPageAnswer>(`/portal/orders/${encodeURIComponent(id)}`),
});
