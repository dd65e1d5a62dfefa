import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayAuthority } from '../../src/domain/authority.ts';
import { decideFreeze, evolveFreeze, freeze, type Freeze, type FreezeEvent } from '../../src/domain/freeze.ts';
import type { Instant, UserId } from '../../src/domain/names.ts';
import { ALICE, at, BOB, CAROL, ID, INCIDENT } from '../fixtures/requests.ts';

const APPROVERS = [BOB, CAROL] as const;
const isEntitled = (person: UserId): boolean => (APPROVERS as readonly UserId[]).includes(person);
const frozen: FreezeEvent = { type: 'frozen', at: at(0), by: BOB, reason: 'deploying v3', channel: INCIDENT };
const asked = (by: UserId, seconds: number): FreezeEvent => ({ type: 'unfreeze_asked', at: at(seconds), by, until: at(seconds + 3_600) });
const given = (...events: readonly FreezeEvent[]): Freeze => {
  const state = replayAuthority('freeze', ID, events);
  if (!state) throw new Error('a freeze begins with an event');
  return state;
};
const unfreeze = (state: Freeze, by: UserId, seconds: number, entitled = isEntitled) => decideFreeze(state, { type: 'unfreeze', by, isEntitled: entitled }, at(seconds));

describe('a freeze', () => {
  it('is made by one approver', () => {
    expect(freeze(BOB, true, 'deploying v3', INCIDENT, at(0))).toEqual({ ok: true, event: frozen });
  });
  it('is not made by anybody else', () => {
    expect(freeze(ALICE, false, null, INCIDENT, at(0))).toEqual({ ok: false, refusal: { code: 'not_any_approver' } });
  });
  it('one approver only asks to lift it', () => {
    expect(unfreeze(given(frozen), CAROL, 10)).toEqual({ ok: true, event: asked(CAROL, 10) });
  });
  it('the same one again does not lift it', () => {
    expect(unfreeze(given(frozen, asked(CAROL, 10)), CAROL, 20)).toMatchObject({ ok: false, refusal: { code: 'already_lifting' } });
  });
  it('another one lifts it, also the one who froze', () => {
    expect(unfreeze(given(frozen, asked(CAROL, 10)), BOB, 20)).toEqual({ ok: true, event: { type: 'unfrozen', at: at(20), by: BOB, first: CAROL } });
  });
  it('a first word that is an hour old counts no more', () => {
    expect(unfreeze(given(frozen, asked(CAROL, 10)), BOB, 3_610)).toMatchObject({ ok: true, event: { type: 'unfreeze_asked', by: BOB } });
  });
  it('a first word of somebody who approves no more counts for nothing', () => {
    expect(unfreeze(given(frozen, asked(CAROL, 10)), BOB, 20, (person) => person === BOB)).toMatchObject({ ok: true, event: { type: 'unfreeze_asked', by: BOB } });
  });
  it('somebody who approves nowhere does not lift it', () => {
    expect(unfreeze(given(frozen, asked(CAROL, 10)), ALICE, 20)).toEqual({ ok: false, refusal: { code: 'not_any_approver' } });
  });
  it('that is lifted cannot be lifted', () => {
    expect(unfreeze(given(frozen, asked(CAROL, 10), { type: 'unfrozen', at: at(20), by: BOB, first: CAROL }), CAROL, 30)).toMatchObject({ refusal: { code: 'not_frozen' } });
  });
  it('events that cannot follow throw', () => {
    expect(() => given(frozen, frozen)).toThrow(/cannot follow/);
    expect(() => given(asked(BOB, 1))).toThrow(/cannot follow/);
  });

  it('whoever types unfreeze in whatever order: no unfreeze by one', () => {
    const word = fc.record({ by: fc.constantFrom(ALICE, BOB, CAROL), after: fc.integer({ min: 0, max: 5_000 }) });
    fc.assert(fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      let [state, seconds] = [given(frozen), 0];
      const accepted: { by: UserId; at: Instant }[] = [];
      for (const { by, after } of words) {
        seconds += after;
        const decision = unfreeze(state, by, seconds);
        if (!decision.ok) continue;
        accepted.push({ by, at: at(seconds) });
        const next = evolveFreeze(state, ID, decision.event);
        if (!next) throw new Error('an event that cannot follow');
        state = next;
      }
      if (state.state !== 'lifted') return;
      const [first, second] = accepted.slice(-2);
      expect(first?.by).not.toBe(second?.by);
      expect([first?.by, second?.by].every((by) => by !== undefined && isEntitled(by))).toBe(true);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(3_600_000);
    }));
  });
});
