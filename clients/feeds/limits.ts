/** Most bytes of one delivery to the inbox. */
export const maxDelivery = 10 * 1024 * 1024;
