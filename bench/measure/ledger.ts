import { LEDGER_ENTRIES, measureVerification, VERIFIED_PER_SECOND_MIN } from '../ledger.ts';
import type { Measure } from './measure.ts';

export const measureLedger: Measure = async () => [{
  name: 'ledger entries verified', unit: 'entries/s', values: await measureVerification(), target: { rule: 'at least', value: VERIFIED_PER_SECOND_MIN, holds: 'in the median' },
  note: `${LEDGER_ENTRIES} entries of 600 characters`,
}];
