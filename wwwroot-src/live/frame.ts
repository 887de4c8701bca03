/** A window that nobody sees draws no frames. */
const unseenMs = 100;

/** Resolves when the next frame is about to be drawn: what is changed then is laid out and painted once, together with all else. */
export const nextFrame = (): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, unseenMs);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
