import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import type { Group } from './groups.ts';
import { isLid, type Addressing } from './jids.ts';
import { bytesOf, children, node, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';

/** Requests about groups: `w:g2`. */
export function answerGroup(emulator: Emulator, connection: Connection, request: Node): void {
  const me = connection.companion?.phone;
  const to = request.attrs['to'] ?? '';
  const [action] = children(request);
  if (!me || !action) return connection.refuse(request, 400, 'bad-request');
  if (to === '@g.us') return answerAny(emulator, connection, request, me, action);
  const group = emulator.groups.get(to);
  if (!group) return connection.refuse(request, 404, 'item-not-found');
  if (!group.members.has(me)) return connection.refuse(request, 403, 'forbidden');
  if (request.attrs['type'] === 'get') return connection.reply(request, [action.tag === 'invite' ? node('invite', { code: 'EMULATED' }) : describe(group)]);
  change(emulator, connection, request, { group, me, action });
}

function answerAny(emulator: Emulator, connection: Connection, request: Node, me: Phone, action: Node): void {
  if (action.tag === 'participating') {
    connection.reply(request, [node('groups', {}, emulator.groups.of(me).map(describe))]);
  } else if (action.tag === 'create') {
    const members = children(action, 'participant').flatMap(each => emulator.world.find(each.attrs['jid'] ?? '') ?? []);
    const addressing = children(action, 'participant').some(each => isLid(each.attrs['jid'] ?? '')) ? 'lid' : 'pn';
    const group = emulator.groups.make(action.attrs['subject'] ?? '', me, members, addressing);
    connection.reply(request, [describe(group)]);
    announce(emulator, group, me, node('create', {}, [describe(group)]), connection);
  } else if (action.tag === 'leave') {
    for (const { attrs } of children(action, 'group')) {
      const group = emulator.groups.get(attrs['id'] ?? '');
      if (!group) continue;
      announce(emulator, group, me, node('remove', {}, [participant(group, me)]), connection);
      group.members.delete(me);
    }
    connection.reply(request, [node('leave', {})]);
  } else {
    connection.refuse(request, 501, 'feature-not-implemented');
  }
}

interface Change {
  readonly group: Group;
  readonly me: Phone;
  readonly action: Node;
}

function change(emulator: Emulator, connection: Connection, request: Node, { group, me, action }: Change): void {
  const phones = children(action, 'participant').flatMap(each => emulator.world.find(each.attrs['jid'] ?? '') ?? []);
  const told = (what: Node) => announce(emulator, group, me, what, connection);
  const named = () => phones.map(phone => participant(group, phone));
  switch (action.tag) {
    case 'add':
      for (const phone of phones) group.members.set(phone, group.members.get(phone));
      told(node('add', {}, named()));
      return connection.reply(request, [node('add', {}, named())]);
    case 'remove': {
      const gone = named();
      told(node('remove', {}, gone));
      for (const phone of phones) group.members.delete(phone);
      return connection.reply(request, [node('remove', {}, gone)]);
    }
    case 'promote':
    case 'demote':
      for (const phone of phones) group.members.set(phone, action.tag === 'promote' ? 'admin' : undefined);
      told(node(action.tag, {}, named()));
      return connection.reply(request, [node(action.tag, {}, named())]);
    case 'subject':
      group.subject = bytesOf(action)?.toString() ?? '';
      group.subjectTime = Math.floor(Date.now() / 1000);
      told(node('subject', { subject: group.subject, s_t: group.subjectTime }));
      return connection.reply(request);
    case 'description': {
      const text = bytesOf(action, 'body')?.toString();
      group.description = text === undefined ? undefined : { id: action.attrs['id'] ?? '', text };
      told(node('description', { id: action.attrs['id'] }, text === undefined ? undefined : [node('body', {}, Buffer.from(text))]));
      return connection.reply(request);
    }
    case 'announcement':
    case 'not_announcement':
      group.announcement = action.tag === 'announcement';
      told(node(action.tag));
      return connection.reply(request);
    case 'locked':
    case 'unlocked':
      group.locked = action.tag === 'locked';
      told(node(action.tag));
      return connection.reply(request);
    default:
      return connection.refuse(request, 501, 'feature-not-implemented');
  }
}

/** All members but the device that did it hear of a change. */
function announce(emulator: Emulator, group: Group, by: Phone, what: Node, except: Connection): void {
  const { addressing } = group;
  const other: Addressing = addressing === 'lid' ? 'pn' : 'lid';
  for (const phone of group.phones()) {
    for (const companion of phone.companions.values()) {
      if (companion === except.companion) continue;
      companion.deliver(
        node(
          'notification',
          {
            from: group.jid,
            type: 'w:gp2',
            id: except.nextId(),
            participant: by.jid(addressing),
            [`participant_${other}`]: by.jid(other),
            addressing_mode: addressing,
            notify: by.name,
            t: Math.floor(Date.now() / 1000),
          },
          [what],
        ),
      );
    }
  }
  emulator.stats.count('groupChanges');
}

function participant(group: Group, phone: Phone): Node {
  const type = group.members.get(phone);
  return group.addressing === 'lid'
    ? node('participant', { jid: phone.jid('lid'), phone_number: phone.jid('pn'), type })
    : node('participant', { jid: phone.jid('pn'), lid: phone.jid('lid'), type });
}

function describe(group: Group): Node {
  const { addressing, owner, description } = group;
  return node(
    'group',
    {
      id: group.jid.split('@')[0],
      subject: group.subject,
      s_t: group.subjectTime,
      s_o: owner.jid(addressing),
      creation: group.creation,
      creator: owner.jid(addressing),
      ...(addressing === 'lid' ? { creator_pn: owner.jid('pn'), s_o_pn: owner.jid('pn') } : {}),
      addressing_mode: addressing,
      size: group.members.size,
    },
    [
      ...group.phones().map(phone => participant(group, phone)),
      ...(description ? [node('description', { id: description.id }, [node('body', {}, Buffer.from(description.text))])] : []),
      ...(group.announcement ? [node('announcement')] : []),
      ...(group.locked ? [node('locked')] : []),
    ],
  );
}
