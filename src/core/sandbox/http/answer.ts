/** What is sent back, whole. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request that the venue refuses, in Binance's words: HTTP status, its code and its message. */
export class Refusal {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
  constructor(status: number, code: number, msg: string) {
    this.status = status;
    this.code = code;
    this.msg = msg;
  }
}

const JSON_TYPE = 'application/json;charset=UTF-8';

/** JSON with Binance's content type; the length is put on when it is sent. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, type: JSON_TYPE, body: JSON.stringify(value), headers };
}

/** `{"code":-1121,"msg":"Invalid symbol."}` with its HTTP status. */
export function refused(refusal: Refusal, headers: Readonly<Record<string, string>> = {}): Answer {
  return json({ code: refusal.code, msg: refusal.msg }, refusal.status, headers);
}

/** A page of the web server before the exchange, as a proxy, a load balancer or a captive portal answers. */
export function page(status: number, title: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n');
  return { status, type: 'text/html', body, headers };
}
