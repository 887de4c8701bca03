import type { IncomingMessage } from 'node:http';
import type { Emulator } from '../emulator.ts';

const MAX_BODY = 64 * 1024 * 1024;

/** A wrong request: its sentence is the answer. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Call {
  readonly emulator: Emulator;
  /** the parts of the path that the pattern names */
  readonly path: Record<string, string>;
  readonly query: URLSearchParams;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** Bytes instead of JSON. */
export class Binary {
  readonly type: string;
  readonly content: Buffer;

  constructor(type: string, content: Buffer) {
    this.type = type;
    this.content = content;
  }
}

export type Routes = Record<string, (call: Call) => unknown>;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > MAX_BODY) throw new ApiError(413, 'The body is larger than 64 MiB.');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

/** Looks at `?skip=`, `?min=` and `?wait=` (ms): answers as soon as there are so many more, or with what there is in the end. */
export async function whenEnough<T>(call: Call, list: () => T[]): Promise<T[]> {
  const min = Number(call.query.get('min') ?? 0);
  const wait = Number(call.query.get('wait') ?? 0);
  const skip = Number(call.query.get('skip') ?? 0);
  if (min > 0) await call.emulator.stats.until(() => list().length - skip >= min, wait);
  return list().slice(skip);
}
