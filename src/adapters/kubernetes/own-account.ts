import type { OwnAccount } from '../../app/cluster-port.ts';
import { parseNamespace } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import type { Api } from './api.ts';
import { textAt } from './json.ts';
import { selfReviewsPath } from './url.ts';

const REVIEW = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/**
 * Whom the cluster takes kdebug for: a SelfSubjectReview (1.28), which everybody may ask. Asked once; an answer that did
 * not come is asked for again. A cluster that does not know the question, or does not let it be asked, knows of none.
 */
export const createOwnAccount = (api: Api): (() => Promise<OwnAccount | null | Failure>) => {
  let known: OwnAccount | null | undefined;
  return async () => {
    if (known !== undefined) return known;
    const answer = await api({ method: 'POST', path: selfReviewsPath(), body: { contentType: 'application/json', text: REVIEW } });
    if (answer.kind === 'lost') return answer.failure;
    known = answer.kind === 'ok' ? accountIn(textAt(answer.body, 'status', 'userInfo', 'username')) : null;
    return known;
  };
};

const accountIn = (username: string | undefined): OwnAccount | null => {
  const [, namespaceText, name] = SERVICE_ACCOUNT.exec(username ?? '') ?? [];
  const namespace = parseNamespace(namespaceText);
  return namespace !== undefined && name !== undefined ? { namespace, name } : null;
};
