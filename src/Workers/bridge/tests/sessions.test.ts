import '../src/silence.ts';
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { test } from 'node:test';
import { GroupCipher, GroupSessionBuilder, SenderKeyDistributionMessage, SenderKeyName, SenderKeyRecord } from 'baileys/lib/Signal/Group/index.js';
import * as libsignal from 'libsignal';
import { spareLookups } from '../src/repository.ts';
import { readSkippedGroupKeys, spareOtherSessions } from '../src/sessions.ts';
import { Device } from './device.ts';

/** A late message of an older session, between two of the newer one. */
async function late(): Promise<string[]> {
  const ana = new Device('shop');
  const shop = new Device('ana');
  await ana.open(shop);
  await shop.hears(await ana.says('first session'));
  await ana.hears(await shop.says('its answer'));
  const delayed = await ana.says('late');
  await shop.open(ana);
  await ana.hears(await shop.says('second session'));
  return [await shop.hears(await ana.says('one')), await shop.hears(delayed), await shop.hears(await ana.says('two'))];
}

test('libsignal spoils the sessions that it only tried; here they stay as they were', async () => {
  await assert.rejects(late(), /No matching sessions|Chain closed/);
  spareOtherSessions();
  assert.deepEqual(await late(), ['one', 'late', 'two']);
});

/** A group's messages, the second of which comes first. */
async function overtaken(): Promise<string[]> {
  const name = new SenderKeyName('1@g.us', new libsignal.ProtocolAddress('ana', 0) as never);
  const store = (): any => {
    let saved: Buffer | undefined;
    return {
      loadSenderKey: () => saved ? SenderKeyRecord.deserialize(saved) : new SenderKeyRecord(),
      storeSenderKey: (_: unknown, record: SenderKeyRecord) => { saved = Buffer.from(JSON.stringify(record.serialize())); },
    };
  };
  const [ana, shop] = [store(), store()];
  const shared = await new GroupSessionBuilder(ana).create(name);
  await new GroupSessionBuilder(shop).process(name, new SenderKeyDistributionMessage(null, null, null, null, shared.serialize()));
  const [one, two] = [await new GroupCipher(ana, name).encrypt(Buffer.from('one')), await new GroupCipher(ana, name).encrypt(Buffer.from('two'))];
  const heard = new GroupCipher(shop, name);
  return [String(await heard.decrypt(two)), String(await heard.decrypt(one))];
}

test('a group message that was overtaken cannot be read by Baileys; here it can', async () => {
  await assert.rejects(overtaken());
  readSkippedGroupKeys();
  assert.deepEqual(await overtaken(), ['two', 'one']);
});

test('a sender whose other name WhatsApp does not tell goes by the one that is known', async () => {
  const lidMapping = { names: new Map([['40722000001', '77@lid']]), getLIDForPN(pn: string): Promise<string | null> {
    return this.names.has(pn) ? Promise.resolve(this.names.get(pn)!) : Promise.reject(new Error('rate-overlimit'));
  } };
  spareLookups({ lidMapping } as never);
  assert.equal(await lidMapping.getLIDForPN('40722000001'), '77@lid');
  assert.equal(await lidMapping.getLIDForPN('40722000002'), null);
});

test('what two accounts do about one phone at once stays apart', async () => {
  const account = new AsyncLocalStorage<string>();
  const works = async (name: string): Promise<string | undefined> => {
    const cipher: any = new libsignal.SessionCipher({} as never, new libsignal.ProtocolAddress('ana', 0));
    return await account.run(name, () => cipher.queueJob(async () => {
      await new Promise(resolve => setImmediate(resolve));
      return account.getStore();
    }));
  };
  assert.deepEqual(await Promise.all([works('shop'), works('branch')]), ['shop', 'branch']);
});
