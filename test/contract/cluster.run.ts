/** What `npm run test:cluster` runs: the real cluster of KUBECONFIG, else the simulated one at both paces. */
import { contractSuite } from './suite.ts';
import { openCluster, openDouble } from './world.ts';

const CASE_MS_MAX = 120_000;

if (process.env['KUBECONFIG']) {
  contractSuite({ title: `the cluster of KUBECONFIG=${process.env['KUBECONFIG']}`, open: openCluster, caseMsMax: CASE_MS_MAX });
} else {
  contractSuite({ title: 'the simulated cluster, at once', open: openDouble('at once'), caseMsMax: CASE_MS_MAX });
  contractSuite({ title: 'the simulated cluster, at the pace of a kubelet', open: openDouble('kubelet'), caseMsMax: CASE_MS_MAX });
}
