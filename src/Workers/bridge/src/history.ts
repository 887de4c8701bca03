import { downloadAndProcessHistorySyncNotification, proto, type WAMessage } from 'baileys';
import { messageEvents } from './content.ts';
import { named } from './decode.ts';
import type { Event } from './events.ts';
import { mute } from './loggers.ts';
import type { OtherName, Self } from './people.ts';

const downloadMs = 120_000;

/** The names and recent messages that the phone gives to a device which was just linked. */
export async function historyEvents(notification: proto.Message.IHistorySyncNotification, self: Self, find: OtherName): Promise<Event[]> {
  const { chats, contacts, messages, lidPnMappings } = await inTime(downloadAndProcessHistorySyncNotification(notification, {}, mute));
  const others = new Map<string, string>();
  for (const { lid, pn } of lidPnMappings ?? [])
    others.set(lid, pn).set(pn, lid);

  const names = new Map<string, string>();
  for (const { id, notify } of contacts)
    if (id && notify)
      names.set(id, notify);
  for (const { id, name } of [...contacts, ...chats])
    if (id && name)
      names.set(id, name);

  const events: Event[] = [];
  for (const [jid, name] of names)
    if (isConversation(jid))
      events.push(await named(jid, name, find, others.get(jid)));
  for (const message of messages) {
    const jid = message.key?.remoteJid;
    if (!jid || !isConversation(jid))
      continue;
    const participant = message.key.participant ?? message.participant ?? undefined;
    const seen = { chatOther: others.get(jid), senderOther: participant ? others.get(participant) : others.get(jid), offline: false, history: true };
    events.push(...await messageEvents({ ...message, key: { ...message.key, participant } } as WAMessage, seen, self, find));
  }
  return events;
}

function isConversation(jid: string): boolean {
  return jid.endsWith('@s.whatsapp.net') || jid.endsWith('@lid') || jid.endsWith('@g.us');
}

// Baileys waits for a server that says nothing, and what customers write would wait behind it. The record is read again with the next connection.
async function inTime<T>(download: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The history did not come in time.')), downloadMs);
  });
  try {
    return await Promise.race([download, late]);
  } finally {
    clearTimeout(timer);
  }
}
