import * as zlib from 'node:zlib';
import api from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import { nodeHttp } from '../../platform/http.ts';
import type { CcxtClient } from './client.ts';

// As undici itself does: a proxy is asked for its tunnel with one of them.
Object.assign(Dispatcher.prototype, api);

type Asking = Omit<Dispatcher.RequestOptions, 'origin' | 'path'> & { readonly dispatcher: Dispatcher };

/** `request` of undici, as ccxt calls it: with an address, and always with a dispatcher. */
function request(url: string, { dispatcher, ...options }: Asking): Promise<Dispatcher.ResponseData> {
  const { origin, pathname, search } = new URL(url);
  return dispatcher.request({ ...options, origin, path: `${pathname}${search}` });
}

/**
 * Gives ccxt what carries its requests: the same undici that it would load itself, without the nine tenths of it that it
 * does not use (`fetch`, WebSocket, mocks) and without Node's own copy, which those load: 60 ms of a start. What is set
 * is what `loadFetchImplementation` of ccxt 4.5.84 sets; where a later one asks for it by another name, it loads its own
 * as before.
 */
export function carryRequests(client: CcxtClient): void {
  Object.assign(client, {
    fetchImplementationLoading: Promise.resolve(),
    // Only its presence is asked for: with an `undiciModule` all goes through `request`.
    fetchImplementation: request,
    fetchIsNative: true,
    fetchDispatcher: new Agent(client.getDispatcherOptions(true)),
    undiciModule: { request, ProxyAgent },
    zlibModule: zlib,
    httpStatusTexts: nodeHttp.STATUS_CODES,
    AbortError: DOMException,
    FetchError: TypeError,
  });
}
