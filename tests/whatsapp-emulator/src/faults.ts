export type SendMode = 'lost' | 'ack-lost' | 'no-ack' | 'reject' | 'delay';

export interface SendFault {
  mode: SendMode;
  /** how many messages it still hits; endless when left out */
  remaining?: number;
  delayMs?: number;
  error?: number;
}

/** What goes wrong for one account until it is taken away or used up. */
export interface Faults {
  /** logins are answered with `<failure reason>` */
  loginFailure?: number;
  /** so many of the client's next receipts are swallowed with the connection */
  cutOnReceipts?: number;
  /** iqs of these namespaces are never answered; "*" is all of them */
  ignoreIq?: string[];
  send?: SendFault;
}

export function parseFaults(body: Record<string, unknown>): Faults {
  const faults: Faults = {};
  if (body['loginFailure'] !== undefined) faults.loginFailure = Number(body['loginFailure']);
  if (body['cutOnReceipts'] !== undefined) faults.cutOnReceipts = Number(body['cutOnReceipts']);
  const ignored = body['ignoreIq'];
  if (ignored !== undefined) faults.ignoreIq = (Array.isArray(ignored) ? ignored : [ignored]).map(each => (each === true ? '*' : String(each)));
  if (body['send'] !== undefined && body['send'] !== null) faults.send = parseSend(body['send'] as Record<string, unknown>);
  return faults;
}

function parseSend(body: Record<string, unknown>): SendFault {
  const mode = String(body['mode']) as SendMode;
  if (!['lost', 'ack-lost', 'no-ack', 'reject', 'delay'].includes(mode)) {
    throw new RangeError('send.mode is one of lost, ack-lost, no-ack, reject, delay');
  }
  const fault: SendFault = { mode };
  if (body['remaining'] !== undefined) fault.remaining = Number(body['remaining']);
  if (body['delayMs'] !== undefined) fault.delayMs = Number(body['delayMs']);
  if (body['error'] !== undefined) fault.error = Number(body['error']);
  return fault;
}

/** The fault that hits this message, used up by one. */
export function takeSendFault(faults: Faults): SendFault | undefined {
  const { send } = faults;
  if (!send) return undefined;
  if (send.remaining === undefined) return send;
  if (send.remaining <= 0) return undefined;
  send.remaining -= 1;
  return send;
}
