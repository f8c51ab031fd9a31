/** The workflows that a worker of this product runs. */
export { order } from './order';
export { suspenseReturn } from './suspense-return';
