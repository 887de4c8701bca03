import type { Emulator } from '../emulator.ts';
import type { Group } from '../groups.ts';
import { ApiError, type Routes } from './routes.ts';

export function makeGroup(emulator: Emulator, body: Record<string, unknown>): Group {
  const members = (Array.isArray(body['members']) ? body['members'] : []).map(String);
  const [owner, ...others] = members.map(pn => emulator.world.make(pn));
  if (!owner) throw new ApiError(400, 'A group needs members: the first of them owns it.');
  return emulator.groups.make(String(body['subject'] ?? 'Group'), owner, others, body['addressing'] === 'pn' ? 'pn' : 'lid');
}

function describe(group: Group) {
  const { jid, subject, addressing } = group;
  return { jid, subject, addressing, members: group.phones().map(each => each.pn) };
}

export const groupRoutes: Routes = {
  'POST /api/groups': ({ emulator, body }) => describe(makeGroup(emulator, body)),
  'GET /api/groups': ({ emulator }) => emulator.groups.all().map(describe),
};
