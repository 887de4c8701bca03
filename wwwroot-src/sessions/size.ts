const units = ['kB', 'MB', 'GB', 'TB'];

/** A number of bytes, in the unit that people would say. */
export function byteSize(bytes: number): string {
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}\u00a0${units[unit]}`;
}
