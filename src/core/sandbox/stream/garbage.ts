/** What a broken or hostile peer sends in the place of a frame, one kind after the other. */
const KINDS: readonly ((data: string) => string | Uint8Array)[] = [
  () => Uint8Array.from({ length: 64 }, (_, at) => (at * 37 + 11) & 0xff),
  () => 'not json at all',
  (data) => data.slice(0, Math.floor(data.length / 2)),
  () => '['.repeat(100_000) + ']'.repeat(100_000),
  () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"e":"trade","E":1}',
  (data) => changed(data, 's', 'NOSUCHUSDT'),
  (data) => data.replace(/:"(\d+\.?\d*)"/, ':$1').replace(/:(\d{5,})/, ':"$1"'),
  (data) => data.replace(/"(\d+\.\d+)"/g, '"1e400"'),
  (data) => data.replace(/"(\d+\.\d+)"/g, '"-1.5E+3"'),
  (data) => data.replace(/"(u|t|a)":\d+/g, '"$1":9223372036854775807'),
  (data) => data.replace(/"([ET])":\d+/g, '"$1":99999999999999'),
  () => `{"e":"trade","x":"${'a'.repeat(5_000_000)}"}`,
  () => 'null',
  () => '[]',
  () => '',
];

/** How many kinds there are: after so many it begins anew. */
export const GARBAGE_KINDS: number = KINDS.length;

/** The n-th piece of garbage in the place of a frame's data. */
export function garbage(turn: number, data: string): string | Uint8Array {
  return (KINDS[turn % KINDS.length] as (typeof KINDS)[number])(data);
}

function changed(data: string, field: string, value: string): string {
  return data.replace(new RegExp(`"${field}":"[^"]*"`), `"${field}":"${value}"`);
}
