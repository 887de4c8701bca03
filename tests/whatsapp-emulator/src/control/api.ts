import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Emulator } from '../emulator.ts';
import { PairingError } from '../pairing.ts';
import { accountRoutes } from './accounts.ts';
import { contactRoutes } from './contacts.ts';
import { groupRoutes } from './groups.ts';
import { ApiError, Binary, readBody, type Call, type Routes } from './routes.ts';
import { worldRoutes } from './world.ts';

interface Route {
  readonly method: string;
  readonly parts: string[];
  readonly run: (call: Call) => unknown;
}

function compile(routes: Routes): Route[] {
  return Object.entries(routes).map(([line, run]) => {
    const [method = '', path = ''] = line.split(' ');
    return { method, parts: path.split('/'), run };
  });
}

function match(route: Route, method: string, parts: string[]): Record<string, string> | undefined {
  if (route.method !== method || route.parts.length !== parts.length) return undefined;
  const path: Record<string, string> = {};
  for (const [at, part] of route.parts.entries()) {
    if (part.startsWith(':')) path[part.slice(1)] = decodeURIComponent(parts[at]!);
    else if (part !== parts[at]) return undefined;
  }
  return path;
}

/** The control API, and the media host beside it. */
export function control(emulator: Emulator): RequestListener {
  const routes = compile({ ...worldRoutes, ...accountRoutes, ...contactRoutes, ...groupRoutes });
  return (request, response) => {
    void run(emulator, routes, request, response);
  };
}

async function run(emulator: Emulator, routes: Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (emulator.media.handles(url.pathname)) {
      await emulator.media.serve(request, response, url);
      return;
    }
    const text = (await readBody(request)).toString('utf8');
    const parts = url.pathname.replace(/\/$/, '').split('/');
    for (const route of routes) {
      const path = match(route, request.method ?? 'GET', parts);
      if (!path) continue;
      const result = await route.run({ emulator, path, query: url.searchParams, text, body: parseBody(text) });
      emulator.stats.changed();
      answer(response, 200, result ?? { ok: true });
      return;
    }
    answer(response, 404, { error: `There is no ${request.method} ${url.pathname}.` });
  } catch (error) {
    if (error instanceof ApiError || error instanceof PairingError) answer(response, error.status, { error: error.message });
    else if (error instanceof RangeError) answer(response, 400, { error: error.message });
    else answer(response, 500, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function parseBody(text: string): Record<string, unknown> {
  const start = text.trimStart()[0];
  if (start !== '{') return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new ApiError(400, 'The body is not JSON.');
  }
}

function answer(response: ServerResponse, status: number, result: unknown): void {
  if (response.headersSent) return;
  const [type, content] =
    result instanceof Binary ? [result.type, result.content] : ['application/json; charset=utf-8', Buffer.from(JSON.stringify(result))];
  response.writeHead(status, { 'content-type': type, 'content-length': content.length }).end(content);
}
