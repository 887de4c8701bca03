import type { Companion } from './companions.ts';
import { devicesChanged } from './devices.ts';
import type { Emulator } from './emulator.ts';
import { node } from './nodes.ts';

/** A device is taken off its account; `told` is whether it hears of it from the server. */
export function unlink(emulator: Emulator, companion: Companion, told: boolean): void {
  companion.phone.companions.delete(companion.device);
  companion.phone.forgetSession(companion.address);
  companion.mailbox.clear();
  devicesChanged(companion.phone, 'remove', companion.device);
  emulator.stats.count('unlinked');
  if (told) companion.connection?.end(node('stream:error', { code: 401 }, [node('conflict', { type: 'device_removed' })]));
  emulator.stats.changed();
}
