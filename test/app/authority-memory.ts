/** The records of requests of their own kind in memory, with the same compare-and-append as Redis. */
import type { BudgetUse, BudgetWait } from '../../src/app/budget-port.ts';
import type { AuthorityRecords, CoolDowns, Posts } from '../../src/app/authority/ports.ts';
import type { LedgerLine } from '../../src/app/ports.ts';
import { isAuthorityOver, replayAuthority, type AuthorityEvent, type AuthorityKind, type EventOf, type StateOf } from '../../src/domain/authority.ts';
import type { Instant, RequestId } from '../../src/domain/names.ts';

const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

export const createAuthorityMemory = (clock: { readonly now: Instant }, reach: () => void, record: (line: LedgerLine, sequence: number) => void) => {
  const lists = new Map<string, AuthorityEvent[]>();
  const looks = new Map<string, Instant>();
  const posts = new Map<string, Posts>();
  const keyOf = (kind: AuthorityKind, id: RequestId): string => `${kind} ${id}`;
  const stateOf = <Kind extends AuthorityKind>(kind: Kind, id: RequestId): StateOf<Kind> | undefined =>
    replayAuthority(kind, id, (lists.get(keyOf(kind, id)) ?? []) as unknown as EventOf<Kind>[]);
  const isOpen = (kind: AuthorityKind, id: RequestId): boolean => { const state = stateOf(kind, id); return state !== undefined && !isAuthorityOver(state); };
  const idsOf = (kind: AuthorityKind): RequestId[] => [...lists.keys()].filter((key) => key.startsWith(`${kind} `)).map((key) => key.split(' ')[1] as RequestId);

  const authority: AuthorityRecords = {
    load: async (kind, id) => { reach(); return { state: stateOf(kind, id), now: clock.now }; },
    append: async (kind, id, state, event, validUntil) => {
      reach();
      const [key, version] = [keyOf(kind, id), state?.version ?? 0];
      const list = lists.get(key) ?? [];
      if (list.length !== version || (kind === 'freeze' && version === 0 && idsOf('freeze').some((one) => isOpen('freeze', one)))) return { ok: false, why: 'conflict' };
      if (validUntil !== undefined && clock.now > validUntil) return { ok: false, why: 'too_late' };
      lists.set(key, [...list, copy(event) as AuthorityEvent]);
      looks.set(key, clock.now);
      record({ at: clock.now, request: null, event }, version + 1);
      return { ok: true, at: clock.now };
    },
    open: async (kind, limit) => { reach(); return idsOf(kind).filter((id) => isOpen(kind, id)).slice(0, limit); },
    due: async (limit) => {
      reach();
      return [...looks].filter(([, at]) => at <= clock.now).slice(0, limit).map(([key]) => { const [kind, id] = key.split(' '); return { kind: kind as AuthorityKind, id: id as RequestId }; });
    },
    settle: async ({ kind, id }, version, next) => {
      const key = keyOf(kind, id);
      if ((lists.get(key) ?? []).length !== version) return;
      if (next === undefined) looks.delete(key);
      else looks.set(key, next);
    },
    putOff: async ({ kind, id }, forMs) => { if (looks.has(keyOf(kind, id))) looks.set(keyOf(kind, id), (clock.now + forMs) as Instant); },
    posts: async ({ kind, id }) => posts.get(keyOf(kind, id)) ?? {},
    savePosts: async ({ kind, id }, now) => { posts.set(keyOf(kind, id), copy(now)); },
  };
  const cooling = new Map<string, number>();
  const coolDowns: CoolDowns = {
    begin: async (key, forMs) => { cooling.set(key, clock.now + forMs); },
    left: async (key) => Math.max(0, (cooling.get(key) ?? 0) - clock.now),
  };
  return { authority, coolDowns, idsOf, stateOf, eventsOf: (kind: AuthorityKind, id: RequestId) => (lists.get(keyOf(kind, id)) ?? []).map(({ type }) => type) };
};

/** Leaky buckets like those of Redis. */
export const createBudgetMemory = (clock: { readonly now: Instant }) => {
  const full = new Map<string, number>();
  return {
    take: async (uses: readonly BudgetUse[]): Promise<BudgetWait | undefined> => {
      const untils = uses.map(({ key }) => Math.max(full.get(key) ?? 0, clock.now));
      const waits = uses.map(({ perMs, burst }, index) => Math.ceil((untils[index] ?? 0) - clock.now - perMs * (burst - 1)));
      const use = waits.findIndex((wait) => wait > 0);
      if (use >= 0) return { use, afterMs: waits[use] ?? 0 };
      uses.forEach(({ key, perMs }, index) => { full.set(key, (untils[index] ?? 0) + perMs); });
      return undefined;
    },
  };
};
