import { evolveAuthority, type AuthorityKind, type EventOf, type StateOf } from '../../domain/authority.ts';
import { APPEND_TRIES_MAX } from '../../domain/limits.ts';
import type { Instant, RequestId } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { AuthorityRecords } from './ports.ts';

export type AuthorityDecision<Kind extends AuthorityKind> =
  | { readonly ok: true; readonly event: EventOf<Kind>; readonly validUntil?: Instant }
  | { readonly ok: false; readonly refusal: Refusal };

export type AuthorityChanged<Kind extends AuthorityKind> =
  | { readonly ok: true; readonly state: StateOf<Kind>; readonly event: EventOf<Kind> }
  | { readonly ok: false; readonly refusal: Refusal };

/** Load, decide, append; when somebody appended first, all of it again, at most 5 times. `missing`: what to say when there is none. */
export const changeAuthority = async <Kind extends AuthorityKind>(
  records: AuthorityRecords, kind: Kind, id: RequestId, missing: Refusal, decide: (state: StateOf<Kind>, now: Instant) => AuthorityDecision<Kind> | Promise<AuthorityDecision<Kind>>,
): Promise<AuthorityChanged<Kind>> => {
  for (let tries = 0; tries < APPEND_TRIES_MAX; tries += 1) {
    const { state, now } = await records.load(kind, id);
    if (state === undefined) return { ok: false, refusal: missing };
    const decision = await decide(state, now);
    if (!decision.ok) return decision;
    const appended = await records.append(kind, id, state, decision.event, decision.validUntil);
    if (appended.ok) return { ok: true, state: evolveAuthority(kind, state, id, decision.event), event: decision.event };
    if (appended.why === 'too_late') return { ok: false, refusal: { code: 'too_late', since: decision.validUntil ?? now } };
  }
  return { ok: false, refusal: { code: 'too_busy' } };
};
