import type { ClusterName } from '../../domain/names.ts';
import type { RecordSeals } from './seals.ts';

/** No cluster is called so: a worker, which holds its own cluster's key, cannot seal what is serve's. */
const SERVE = '(serve)' as ClusterName;

export interface Sealing {
  sealed(key: string, value: object): string;
  /** Undefined: there is nothing, or serve did not write it there. */
  opened(key: string, stored: string | null): unknown;
}

/** What serve alone writes, as `SEAL JSON`, good under its own key only. */
export const sealingOfServe = (seals: RecordSeals): Sealing => ({
  sealed: (key, value) => {
    const text = JSON.stringify(value);
    return `${seals.mac(SERVE, `${key} ${text}`)} ${text}`;
  },
  opened: (key, stored) => {
    const [, seal, text] = /^(\S+) (.*)$/s.exec(stored ?? '') ?? [];
    return seal !== undefined && text !== undefined && seals.isMac(SERVE, `${key} ${text}`, seal) ? JSON.parse(text) as unknown : undefined;
  },
});
