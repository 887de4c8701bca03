/** Epoch milliseconds with a fraction, so that distances below a millisecond can be measured. */
export const now = () => performance.timeOrigin + performance.now();

export const seconds = () => Math.floor(Date.now() / 1000);
