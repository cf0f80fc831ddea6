import { channelPair } from './channel.ts';
import { Client, type ClientOptions } from './client.ts';
import { Desk, type DeskOptions } from './desk.ts';
import type { Host } from './host.ts';
import { Session } from './session.ts';

/**
 * A client of an engine in the same process, over the very code of the socket: what works here works there. `close` ends
 * the desk, too; the host goes on.
 */
export async function attach(host: Host, options: ClientOptions & DeskOptions): Promise<Client> {
  const desk = new Desk(host, options);
  const { near, far, defer } = channelPair();
  near.listen(new Session(desk, near.channel));
  const client = new AttachedClient(options, desk);
  const greeted = client.greet(far);
  // The first scene came at once; from now on nobody is called from within what he does.
  defer();
  await greeted;
  return client;
}

class AttachedClient extends Client {
  readonly #desk: Desk;

  constructor(options: ClientOptions, desk: Desk) {
    super(options);
    this.#desk = desk;
  }

  override close(): void {
    super.close();
    this.#desk.close();
  }
}
