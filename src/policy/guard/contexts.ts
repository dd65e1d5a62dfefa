/** Every security context that a configuration can produce, by image and place. */
import type { Settings } from '../../config/settings.ts';
import type { Image } from '../../domain/catalogue.ts';
import { PROFILES, type Profile, type SecurityContext } from '../../domain/container.ts';
import type { ClusterName } from '../../domain/names.ts';
import { placesOf, type Places } from './places.ts';

/** What the builder of the container makes of an image and a profile; undefined: no security context at all. */
export type ContextOf = (image: Image, profile: Profile) => SecurityContext | undefined;

/** In these places, this image may have one of these security contexts. */
export interface Allowed {
  readonly places: Places;
  readonly ref: string;
  readonly contexts: readonly (SecurityContext | undefined)[];
}

/** One entry for each set of places and image that has any; the order is that of the catalogue and of the profiles. */
export const allowedIn = (settings: Settings, cluster: ClusterName, contextOf: ContextOf): readonly Allowed[] => {
  const single = settings.catalogue.images.flatMap((image) => PROFILES.map((profile) =>
    ({ ref: image.ref, places: placesOf({ settings, cluster, image, profile }), context: contextOf(image, profile) })));
  const possible = single.filter(({ places }) => places.kind !== 'none');
  return [...Map.groupBy(possible, ({ places, ref }) => JSON.stringify([places, ref])).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{
      places: first.places,
      ref: first.ref,
      contexts: [...new Map(group.map(({ context }) => [JSON.stringify(context), context])).values()],
    }];
  });
};
