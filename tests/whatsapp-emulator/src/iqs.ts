import { appState } from './appstate.ts';
import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import { answerGroup } from './groupiqs.ts';
import { mediaHosts } from './media.ts';
import { child, children, node, type Node } from './nodes.ts';
import { mex } from './notices.ts';
import { giveKeys, rotateKey, takeKeys } from './prekeys.ts';
import { unlink } from './unlinking.ts';
import { usync } from './usync.ts';

type Answer = (emulator: Emulator, connection: Connection, request: Node) => void;

const empty: Answer = (_, connection, request) => connection.reply(request);

const ANSWERS: Record<string, Answer> = {
  'encrypt': keys,
  'passive': passive,
  'abt': (_, connection, request) => connection.reply(request, [node('props', { protocol: 1 })]),
  'blocklist': (_, connection, request) => connection.reply(request, [node('list', {})]),
  'privacy': privacy,
  'urn:xmpp:whatsapp:dirty': empty,
  'w:p': empty,
  'w:stats': empty,
  'status': empty,
  'disappearing_mode': empty,
  'usync': usync,
  'w:sync:app:state': appState,
  'w:m': mediaHosts,
  'w:g2': answerGroup,
  'w:profile:picture': (_, connection, request) =>
    request.attrs['type'] === 'get' ? connection.refuse(request, 404, 'item-not-found') : connection.reply(request),
  'w:biz': (_, connection, request) => connection.reply(request, [node('business_profile', {})]),
  'w:mex': mex,
  'md': linked,
};

export function answer(emulator: Emulator, connection: Connection, request: Node): void {
  const space = request.attrs['xmlns'] ?? '';
  emulator.stats.count(`iq:${space}`);
  if (!connection.companion && space !== 'md' && space !== 'w:p') {
    connection.refuse(request, 401, 'not-authorized');
    return;
  }
  const ignored = connection.companion ? emulator.faultsOf(connection.companion.phone.pn).ignoreIq : undefined;
  if (ignored?.some(each => each === '*' || each === space)) {
    emulator.stats.count('iqsIgnored');
    return;
  }
  const handler = ANSWERS[space];
  if (handler) {
    handler(emulator, connection, request);
  } else {
    emulator.stats.problem(`an iq of the unknown namespace "${space}" arrived`);
    connection.refuse(request, 501, 'feature-not-implemented');
  }
}

function keys(emulator: Emulator, connection: Connection, request: Node): void {
  const asked = children(request)[0]?.tag;
  if (asked === 'count') connection.reply(request, [node('count', { value: connection.companion?.preKeys.length ?? 0 })]);
  else if (asked === 'digest') connection.reply(request, [node('digest', {})]);
  else if (asked === 'key') giveKeys(emulator, connection, request);
  else if (asked === 'rotate') rotateKey(connection, request);
  else takeKeys(connection, request);
}

function passive(_: Emulator, connection: Connection, request: Node): void {
  connection.reply(request);
  if (child(request, 'active')) connection.activate();
}

const PRIVACY = ['readreceipts', 'last', 'online', 'profile', 'status', 'groupadd', 'calladd', 'messages'];

function privacy(_: Emulator, connection: Connection, request: Node): void {
  if (request.attrs['type'] === 'set') {
    connection.reply(request);
    return;
  }
  connection.reply(request, [node('privacy', {}, PRIVACY.map(name => node('category', { name, value: 'all' })))]);
}

function linked(emulator: Emulator, connection: Connection, request: Node): void {
  if (child(request, 'link_code_companion_reg')) {
    emulator.linkCodes.answer(connection, request);
  } else if (child(request, 'remove-companion-device')) {
    connection.reply(request);
    if (connection.companion) unlink(emulator, connection.companion, false);
  } else {
    connection.refuse(request, 400, 'bad-request');
  }
}
