/** What a failed request could be asked as instead, with one press. */
import type { Catalogue, Image } from './catalogue.ts';
import type { RunCommand } from './command/command.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Request } from './request-states.ts';

export type Instead = { readonly change: 'profile' } | { readonly change: 'image'; readonly image: Image['name'] };

/** The image that `--image` left out means. */
export const defaultImage = ({ images }: Pick<Catalogue, 'images'>): Image | undefined =>
  images.find(({ isDefault }) => isDefault) ?? (images.length === 1 ? images[0] : undefined);

/** A preset fixes both, so nothing of it can be changed. */
export const insteadFor = (command: RunCommand, failure: Failure, fallback: Image['name'] | undefined): Instead | undefined => {
  const { image = fallback, preset, profile } = command.options;
  if (preset !== undefined) return undefined;
  if (failure.code === 'command_not_found' && fallback !== undefined && image !== fallback) return { change: 'image', image: fallback };
  // `auto` has tried the weakest already
  return failure.code === 'pod_security' && profile !== undefined && profile !== 'auto' && profile !== 'restricted' ? { change: 'profile' } : undefined;
};

/** What a shell says of a program that it does not find (POSIX, Shell Command Language, 2.8.2). */
const NOT_FOUND_EXIT = 127;

export const isNotFound = (outcome: Outcome): boolean => outcome.kind === 'exited' && outcome.code === NOT_FOUND_EXIT;

/** Why a request never ran, as far as a change could mend it. */
export const failuresOf = (request: Request): readonly Failure[] => {
  if (request.state === 'refused') return request.refusal.code === 'not_planned' ? [request.refusal.failure] : [];
  if (request.state !== 'finished') return [];
  const { plan: { argv: [program = ''] }, ends } = request;
  return ends.flatMap(({ outcome }): readonly Failure[] => {
    if (isNotFound(outcome)) return [{ code: 'command_not_found', program, detail: '' }];
    return outcome.kind === 'not_started' ? [outcome.failure] : [];
  });
};

export const insteadOf = (request: Request, fallback: Image['name'] | undefined): Instead | undefined =>
  failuresOf(request).flatMap((failure) => insteadFor(request.ask.command, failure, fallback) ?? [])[0];

export const changedCommand = (command: RunCommand, instead: Instead): RunCommand =>
  ({ ...command, options: { ...command.options, ...(instead.change === 'image' ? { image: instead.image } : { profile: 'restricted' as const }) } });
