/** The workflows that a worker of this product runs. */
export { enrolment } from './enrolment';
export { order } from './order';
export { reconcile } from './reconcile';
export { settlement } from './settlement';
export { suspenseReturn } from './suspense-return';
export { sweep } from './sweep';
export { withdrawal } from './withdrawal';
