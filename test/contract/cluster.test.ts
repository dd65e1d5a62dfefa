/** The contracts on the simulated cluster, its node at once; `npm run test:cluster` has the rest. */
import { pidNamespaces } from '../../src/playground/cluster/kubelet/namespaces.ts';
import { contractSuite } from './suite.ts';
import { openDouble } from './world.ts';
import { describe } from 'vitest';

const AT_ONCE_MS_MAX = 20_000;

describe.skipIf(pidNamespaces() !== 'available')('where this machine has namespaces for containers', () => {
  contractSuite({ title: 'the simulated cluster, at once', open: openDouble('at once'), caseMsMax: AT_ONCE_MS_MAX });
});
