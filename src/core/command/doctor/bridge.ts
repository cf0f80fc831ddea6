import { isRefusal } from '../refusal.ts';
import type { BridgePorts } from '../telegram/ports.ts';
import { type Check, checksOf } from './check.ts';

/** Whether the bridge of a profile is set up and runs. Telegram is not asked. */
export async function bridgeCheck(ports: BridgePorts, profile: string): Promise<Check> {
  const { ok, off, warn, bad } = checksOf('bridge');
  const [token, memory, status] = await Promise.all([ports.token(profile), ports.look(profile), ports.status(profile)]);
  const people = memory?.people ?? [];
  const pair = `dzentra telegram pair --profile ${profile}`;
  if (isRefusal(token)) {
    if (token.code !== 'NO_TOKEN') return bad(`${token.expected}: ${token.found}`, token.fix);
    if (people.length === 0) return off(`none is set up for profile ${profile}`, pair);
    return warn(`${count(people.length)} paired with profile ${profile}, and there is no token`, pair);
  }
  const from = `its token is of ${token.from}`;
  if (people.length === 0) return warn(`nobody is paired with profile ${profile}; ${from}`, pair);
  const operators = people.filter(({ role }) => role === 'operator').length;
  const bot = memory?.bot === undefined || memory.bot === null ? 'its bot' : `@${memory.bot.username}`;
  const found = `${bot}, ${count(people.length)} paired (${operators} may act); ${from}`;
  if (status.state === 'stopped') {
    const { ended } = status;
    if (ended !== undefined) return warn(`ended by itself, ${ended.code}: ${ended.found}; ${found}`, ended.fix);
    return off(`does not run for profile ${profile}: ${found}`, `dzentra telegram start --profile ${profile}`);
  }
  return ok(`runs for profile ${profile}, pid ${status.pid}: ${found}`);
}

const count = (people: number): string => (people === 1 ? '1 user is' : `${people} users are`);
