import { ApiError, type Routes } from './api.ts';

export const groupRoutes: Routes = {
  'POST /api/groups': ({ emulator, body }) => {
    const members = (Array.isArray(body['members']) ? body['members'] : []).map(String);
    const [owner, ...others] = members.map(pn => emulator.world.make(pn));
    if (!owner) throw new ApiError(400, 'A group needs members: the first of them owns it.');
    const group = emulator.groups.make(String(body['subject'] ?? 'Group'), owner, others, body['addressing'] === 'pn' ? 'pn' : 'lid');
    return { jid: group.jid, subject: group.subject, addressing: group.addressing, members: group.phones().map(each => each.pn) };
  },
  'GET /api/groups': ({ emulator }) =>
    emulator.groups.all().map(group => ({ jid: group.jid, subject: group.subject, members: group.phones().map(each => each.pn) })),
};
