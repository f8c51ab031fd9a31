/** The areas of the API, one a line. A new one is a function that adds its routes to a scope (`Area`), and a line here. */
import type { Area } from '../deps';
import { portalAreas } from '../portal';
import { feedRoutes } from './feeds';
import { inboxRoutes } from './inbox';
import { orderRoutes } from './orders';
import { serviceRoutes } from './service';
import { webhookRoutes } from './webhooks';

export const areas: readonly Area[] = [
  serviceRoutes,
  orderRoutes,
  feedRoutes,
  inboxRoutes,
  webhookRoutes,
  ...portalAreas,
];
