/** What the address of a WebSocket asks for. */
export type Address =
  | {
      readonly door: 'stream';
      /** `wrapped`: each frame as `{"stream":..,"data":..}`. */
      readonly form: 'raw' | 'wrapped';
      readonly streams: readonly string[];
    }
  | { readonly door: 'api' };

/** The address of a WebSocket of one market; undefined where the venue has none there. */
export function addressOf(kind: 'usdm' | 'spot', url: string): Address | undefined {
  const { pathname, searchParams, search } = new URL(url, 'ws://127.0.0.1');
  if (pathname === (kind === 'spot' ? '/ws-api/v3' : '/ws-fapi/v1')) return { door: 'api' };
  const path = withoutRoom(kind, pathname);
  const key = searchParams.get('listenKey');
  const keys = key === null || key === '' ? [] : [key];
  if (path === '/stream') {
    // Names are read from the raw text: "+" stands for itself in none of them.
    const names = /[?&]streams=([^&]*)/.exec(search)?.[1] ?? '';
    return { door: 'stream', form: 'wrapped', streams: [...namesIn(names), ...keys] };
  }
  if (path !== '/ws' && !path.startsWith('/ws/')) return undefined;
  return { door: 'stream', form: 'raw', streams: [...namesIn(path.slice(4)), ...keys] };
}

/** USDS-M has rooms before its paths; spot's `/stream.spot` is there for clients that tell spot by its address. */
function withoutRoom(kind: 'usdm' | 'spot', path: string): string {
  const room = kind === 'usdm' ? /^\/(public|market|private)(?=\/)/ : /^\/stream\.spot(?=\/)/;
  return path.replace(room, '');
}

/** Clients number their sockets in the path (`/public/ws/3`): that is no stream. */
function namesIn(text: string): readonly string[] {
  const names: string[] = [];
  for (const part of text.split('/')) {
    const name = decoded(part);
    if (name !== '' && !/^\d{1,6}$/.test(name)) names.push(name);
  }
  return names;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
