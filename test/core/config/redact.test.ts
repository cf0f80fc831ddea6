import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../../src/core/config/redact.ts';

const { redact } = createRedactor();
const BOT_TOKEN = `123456789:${'AbCdE_-'.repeat(5)}`;
const PEM = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIC\n-----END PRIVATE KEY-----';

describe('hide', () => {
  test('takes what is known by its value in every form, and leaves what merely looks like a secret', () => {
    const own = createRedactor();
    own.register('Abc/Def+9"x');
    const forms = ['Abc/Def+9"x', encodeURIComponent('Abc/Def+9"x'), JSON.stringify('Abc/Def+9"x').slice(1, -1)];
    for (const form of forms)
      expect(own.hide(`<${form}> signature=deadbeef99`)).toBe(`<${REDACTED}> signature=deadbeef99`);
    expect(createRedactor().hide('Abc/Def+9"x')).toBe('Abc/Def+9"x');
  });
});

describe('redact hides by shape', () => {
  test.each([
    ['a signed URL', 'GET https://x/api?symbol=BTC&signature=deadbeef&timestamp=1', 'deadbeef'],
    ['the last part of a URL', 'https://x/api?timestamp=1&signature=deadbeef', 'deadbeef'],
    ['a URL inside a URL', 'to=https%3A%2F%2Fx%3Fsignature%3Ddeadbeef%26a%3D1', 'deadbeef'],
    ['a listen key', 'wss://x/private/stream?listenKey=Abc123Def', 'Abc123Def'],
    ['a password in a URL', 'redis://user:hunter2@host/0', 'hunter2'],
    ['a header', 'X-MBX-APIKEY: Abc Def=;x\r\nAccept: a', 'Abc Def=;x'],
    ['a header object', "headers: { 'X-MBX-APIKEY': 'AbcDef', a: 1 }", 'AbcDef'],
    ['raw headers', "[ 'X-MBX-APIKEY', 'AbcDef', 'accept', 'a' ]", 'AbcDef'],
    ['an authorization', 'Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['a bearer anywhere', 'sent bearer eyJhbGciOiJIUzI1NiJ9.e30 to x', 'eyJhbGciOiJIUzI1NiJ9.e30'],
    ['a cookie', 'Set-Cookie: session=AbcDef; Path=/', 'session=AbcDef'],
    ['JSON', '{"apiKey":"AbcDef","a":1}', 'AbcDef'],
    ['JSON with a quote in the value', '{"secret":"Abc\\"Def","a":1}', 'Def'],
    ['JSON with a number', '{"token":987,"a":1}', '987'],
    ['JSON with a list', '{"tokens":["AbcDef"],"a":1}', 'AbcDef'],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ apiSecret: 'Abc"Def', a: 1 }) }), 'Def'],
    ['an environment line', 'BINANCE_API_SECRET=AbcDef', 'AbcDef'],
    ['a TOML line', 'passphrase = "AbcDef"', 'AbcDef'],
    ['a map', "Map(1) { 'secretKey' => 'AbcDef' }", 'AbcDef'],
    ['prose with a secret', 'invalid api-key: AbcDef12, request refused', 'AbcDef12'],
    ['a bot token', `polling failed for ${BOT_TOKEN}.`, BOT_TOKEN],
    ['a bot token in a URL', `https://api.telegram.org/bot${BOT_TOKEN}/sendMessage`, BOT_TOKEN],
    ['an encoded bot token', `path=%2Fbot${BOT_TOKEN.replace(':', '%3A')}%2F`, BOT_TOKEN.slice(-20)],
    ['a private key', `key is ${PEM}`, 'MC4CAQ'],
    ['a private key in JSON', JSON.stringify({ note: PEM, a: 1 }), 'MC4CAQ'],
  ])('%s', (_, text, secret) => {
    expect(text).toContain(secret);
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain(REDACTED);
  });

  test('and keeps what stands around it', () => {
    expect(redact('GET /api?a=1&signature=deadbeef&b=2 failed')).toBe('GET /api?a=1&signature=[redacted]&b=2 failed');
    expect(redact('{"apiKey":"AbcDef","token":12,"a":1}')).toBe('{"apiKey":"[redacted]","token":"[redacted]","a":1}');
    expect(redact('X-MBX-APIKEY: Abc\r\nAccept: a')).toBe('X-MBX-APIKEY: [redacted]\r\nAccept: a');
  });

  test.each([
    'token: expected 35 characters, found none',
    'secret: not in the file',
    '{"kind":"order_filled","symbol":"BTC/USDT:USDT","price":"61840.2","at":1723161599999}',
    '{"kind":"token","symbol":"BTC"}',
    '["secret","strategy","at"]',
    '{"secret":null,"token":false}',
    'https://host:8080/path@2x.png',
    '12:30:00 2 signatures checked, 3 tokens: 5',
    'password=',
  ])('and leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('redact hides by value', () => {
  const secret = 'Pa55 "wörd"/+\\x';
  const redactor = createRedactor();
  redactor.register(`${secret}\n`);
  redactor.register('pin7');
  redactor.register('20240808');
  redactor.register('');

  test.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ a: secret })],
    ['in JSON in JSON', JSON.stringify({ a: JSON.stringify([secret]) })],
    ['in a URL', `https://x/?q=${encodeURIComponent(secret)}`],
    ['in a form', `q=${encodeURIComponent(secret).replaceAll('%20', '+')}`],
    ['with small hex digits', encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
  ])('%s', (_, text) => {
    const safe = redactor.redact(`before ${text} after`);
    expect(safe).toMatch(/^before .*\[redacted\].* after$/);
    expect(safe).not.toMatch(/Pa55|UGE1NS/);
  });

  test('a short one, or one of digits, only as a word', () => {
    expect(redactor.redact('pin7 spin7 (pin7)')).toBe('[redacted] spin7 ([redacted])');
    expect(redactor.redact('{"at":1720240808123,"n":20240808}')).toBe('{"at":1720240808123,"n":[redacted]}');
  });

  test('and none of another redactor', () => {
    expect(redact('pin7')).toBe('pin7');
  });
});

describe('redact', () => {
  const name = fc.constantFrom('apiKey', 'secret', 'token', 'listenKey', 'signature', 'passphrase', 'X-MBX-APIKEY');
  const other = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));

  property.prop([
    name,
    fc.string({ minLength: 1 }),
    fc.dictionary(fc.stringMatching(/^[a-f]{1,4}$/), other),
    fc.nat(3),
  ])('hides any value of a secret name in JSON of any depth, and leaves JSON', (key, middle, around, depth) => {
    const secret = `S3kr1t${middle}S3kr1t`;
    let text = JSON.stringify({ ...around, [key]: secret, z: 1 });
    for (let level = 0; level < depth; level++) text = JSON.stringify({ text });
    const safe = redact(text);
    expect(safe).not.toContain('S3kr1t');
    expect(() => JSON.parse(safe) as unknown).not.toThrow();
  });

  property.prop([
    fc.string(),
    name,
    fc.stringMatching(/^[A-Za-z0-9]{10,40}[0-9]$/),
    fc.constantFrom('&b=1', ' x', '"', ''),
  ])(
    'hides a value after = whatever stands around it, and does nothing more the second time',
    (before, key, secret, after) => {
      const safe = redact(`${before} ${key}=${secret}${after}`);
      expect(safe).not.toContain(secret);
      expect(redact(safe)).toBe(safe);
    },
  );

  test.each([
    ['digits', '1'],
    ['names', 'secret='],
    ['open quotes', 'secret="\\"'],
    ['backslashes', 'token\\'],
    ['userinfo', '://a:'],
    ['spaces', 'token   '],
    ['key headers', '-----BEGIN PRIVATE KEY-----'],
  ])('takes time in proportion to its text: %s', (_, part) => {
    const time = (times: number): number => {
      const text = part.repeat(times);
      const start = performance.now();
      redact(text);
      return performance.now() - start;
    };
    time(2_000);
    // Quadratic would be 256 times; linear is 16 and noise.
    expect(time(64_000)).toBeLessThan(Math.max(time(4_000), 2) * 128);
  });
});
