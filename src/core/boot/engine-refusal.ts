import { type Refusal, refusal } from '../command/refusal.ts';
import type { ControlError } from '../control/control-error.ts';

/** What could not be done with an engine, as a command answers it. */
export const refusalOfControl = ({ exit, code, expected, found, fix }: ControlError): Refusal =>
  refusal(exit, code, expected, found, fix);
