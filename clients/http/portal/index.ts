/** The portal at the server: signing in, its pages, what they are made from, and what is new. */
import type { Area } from '../deps';
import { deskRoutes } from './desks';
import { fileRoutes } from './files';
import { liveRoutes } from './live';
import { portalOrderRoutes } from './orders';
import { pageRoutes } from './pages';
import { sessionRoutes } from './session';

export const portalAreas: readonly Area[] = [
  sessionRoutes,
  pageRoutes,
  portalOrderRoutes,
  deskRoutes,
  fileRoutes,
  liveRoutes,
];
