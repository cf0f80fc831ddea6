import type { BridgePerson } from '../core.ts';

/** What a person sent, once it is known that he may: everything else was dropped at the gate. */
export type Received =
  | {
      readonly is: 'press';
      readonly person: BridgePerson;
      readonly update: number;
      readonly callback: string;
      readonly message: number;
      readonly data: string;
    }
  | {
      readonly is: 'text';
      readonly person: BridgePerson;
      readonly update: number;
      readonly message: number;
      readonly text: string;
      /** It came while the bridge was away: more than 60 s old. It is answered with a notice and nothing else. */
      readonly isOld: boolean;
    };
