/** The table of attacks. A new one is a file beside this and an entry here: the command's flags follow. */

import type { Attack } from './attack.ts';
import { files } from './files/files.ts';
import { kills } from './kills.ts';
import { load } from './load/load.ts';
import { pauses } from './pauses.ts';
import { requests } from './requests/requests.ts';
import { steps } from './steps.ts';

export const ATTACKS: readonly Attack[] = [requests, files, kills, pauses, steps, load];
