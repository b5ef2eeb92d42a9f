import { localZone } from '../grid/timeDisplay.ts';
import type { TimeChoice } from './footer.ts';

/** @param serverZone of the result's server */
export function timeChoices(serverZone: string): TimeChoice[] {
  return [
    { display: 'column', title: "Times: column's zone" },
    { display: 'server', title: `Times: server (${serverZone})` },
    { display: 'utc', title: 'Times: UTC' },
    { display: 'local', title: `Times: local (${localZone()})` },
  ];
}
