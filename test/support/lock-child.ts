// A process of its own that takes the lock of a folder and lets it go again, many times over. Usage: FOLDER TIMES.
import { lockForWriting } from '../../src/core/journal/lock.ts';

const [, , folder = '', times = '0'] = process.argv;
for (let i = 0; i < Number(times); i++) {
  try {
    lockForWriting(folder, 1_000).release();
  } catch {
    // A reader was quicker.
  }
}
