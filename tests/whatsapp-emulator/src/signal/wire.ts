/** The Signal messages as protocol buffers: a version byte (3.3), then fields that are varints or bytes. */
export const VERSION = 0x33;

type Field = readonly [id: number, value: number | Uint8Array | undefined];

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value >>> 0;
  while (rest > 127) {
    out.push((rest & 127) | 128);
    rest >>>= 7;
  }
  out.push(rest);
  return out;
}

export function encodeFields(fields: readonly Field[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const [id, value] of fields) {
    if (value === undefined) continue;
    if (typeof value === 'number') {
      parts.push(Uint8Array.from([id << 3, ...varint(value)]));
    } else {
      parts.push(Uint8Array.from([(id << 3) | 2, ...varint(value.length)]), value);
    }
  }
  return Buffer.concat(parts);
}

export interface Fields {
  number(id: number): number | undefined;
  bytes(id: number): Buffer;
}

export function decodeFields(data: Buffer): Fields {
  const numbers = new Map<number, number>();
  const blobs = new Map<number, Buffer>();
  let at = 0;
  const read = () => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = data[at++];
      if (byte === undefined) break;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new Error('a Signal message is cut short');
  };
  while (at < data.length) {
    const tag = read();
    const id = Math.floor(tag / 8);
    if (tag % 8 === 0) {
      numbers.set(id, read());
    } else if (tag % 8 === 2) {
      const length = read();
      if (at + length > data.length) throw new Error('a Signal message is cut short');
      blobs.set(id, data.subarray(at, at + length));
      at += length;
    } else {
      throw new Error('a Signal message has a field of an unknown kind');
    }
  }
  return {
    number: id => numbers.get(id),
    bytes: id => {
      const found = blobs.get(id);
      if (!found) throw new Error(`a Signal message lacks field ${id}`);
      return found;
    },
  };
}
