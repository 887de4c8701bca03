import { setTimeout as wait } from 'node:timers/promises';
import { accounts, type Person } from './people.ts';
import type { Control } from './control.ts';

const between = (least: number, most: number): number => least + Math.random() * (most - least);

/** One customer: writes when the account is linked, reads what comes, thinks, types, answers. Ends with the signal. */
export async function play(person: Person, control: Control, signal: AbortSignal): Promise<void> {
  const to = accounts[person.account]!.pn;
  const pause = (least: number, most: number): Promise<void> => wait(between(least, most), undefined, { signal });
  let answers = 0;
  let seen = 0;

  const writes = async (text: string): Promise<void> => {
    await control.types(person.pn, to, 'composing');
    await pause(800, 2500);
    await control.types(person.pn, to, 'paused');
    await control.says(person.pn, to, text);
  };

  try {
    await control.contact(person.pn, person.name);
    while (!(await control.isLinked(to))) await pause(500, 900);
    await pause(500, 20_000);
    for (const line of person.opens) await writes(line);

    while (!signal.aborted) {
      const messages = await control.messages(person.pn, to, seen);
      if (messages.length <= seen) continue;
      await pause(600, 2500);
      await control.reads(person.pn, to, messages.slice(seen).map(message => message.id));
      seen = messages.length;
      const line = person.answers[answers % person.answers.length]!;
      answers += 1;
      await pause(500, 3000);
      await writes(line);
    }
  } catch (error) {
    if (!signal.aborted) process.stderr.write(`${person.name} left the demo: ${(error as Error).message}\n`);
  }
}
