/** The areas of the API, one a line. A new one is a function that adds its routes to a scope (`Area`), and a line here. */
import type { Area } from '../deps';
import { portalAreas } from '../portal';
import { codecRoutes } from './codec';
import { feedRoutes } from './feeds';
import { inboxRoutes } from './inbox';
import { memberRoutes } from './members';
import { messageRoutes } from './messages';
import { orderRoutes } from './orders';
import { platformRoutes } from './platform';
import { serviceRoutes } from './service';
import { webhookRoutes } from './webhooks';
import { supplierRoutes } from './suppliers';

export const areas: readonly Area[] = [
  serviceRoutes,
  orderRoutes,
  messageRoutes,
  supplierRoutes,
  memberRoutes,
  platformRoutes,
  feedRoutes,
  inboxRoutes,
  webhookRoutes,
  codecRoutes,
  ...portalAreas,
];
