import { parseArgs } from 'node:util';

export interface Options {
  port: number;
  rootSeed: Buffer | undefined;
  caDir: string | undefined;
  seedData: string | undefined;
  exitWithStdin: boolean;
}

/** Reads the command line; ends the process with a sentence when it makes no sense. */
export function parseOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        'port': { type: 'string', default: '0' },
        'root-key': { type: 'string' },
        'ca-dir': { type: 'string' },
        'seed-data': { type: 'string' },
        'exit-with-stdin': { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535) throw new RangeError('--port takes a number from 0 to 65535');
    return {
      port,
      rootSeed: values['root-key'] === undefined ? undefined : Buffer.from(values['root-key'], 'base64'),
      caDir: values['ca-dir'],
      seedData: values['seed-data'],
      exitWithStdin: values['exit-with-stdin'],
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}
