import type { Json, JsonObject } from '../json.ts';
import type { View } from './model.ts';

/** What stands open on each person's screen: a stack of modals, and the app's Home tab. */
export interface Views {
  readonly get: (id: string) => View | undefined;
  readonly byExternalId: (externalId: string) => View | undefined;
  /** From the first opened to the one on top. */
  readonly stack: (viewer: string) => readonly View[];
  readonly home: (viewer: string) => View | undefined;
  readonly open: (viewer: string, body: JsonObject, externalId: string | undefined) => View;
  readonly push: (viewer: string, body: JsonObject, externalId: string | undefined) => View;
  readonly publish: (viewer: string, body: JsonObject) => View;
  readonly update: (view: View, body: JsonObject) => View;
  readonly refuse: (view: View, errors: Readonly<Record<string, string>>) => void;
  readonly choose: (view: View, blockId: string, actionId: string, value: Json) => View;
  readonly closeTop: (viewer: string) => void;
  readonly clear: (viewer: string) => void;
}

export const createViews = (nextId: (prefix: string) => string): Views => {
  const stacks = new Map<string, readonly View[]>();
  const homes = new Map<string, View>();
  const stack = (viewer: string): readonly View[] => stacks.get(viewer) ?? [];
  const all = (): readonly View[] => [...homes.values(), ...[...stacks.values()].flat()];

  const made = (viewer: string, type: View['type'], body: JsonObject, below: View | undefined, externalId: string | undefined): View => {
    const id = nextId('V');
    return {
      id, rootId: below?.rootId ?? id, hash: nextId('h'), viewer, type, body, errors: {}, values: {},
      ...(below === undefined ? {} : { previousId: below.id }), ...(externalId === undefined ? {} : { externalId }),
    };
  };
  const replace = (view: View): View => {
    if (view.type === 'home') homes.set(view.viewer, view);
    else stacks.set(view.viewer, stack(view.viewer).map((each) => (each.id === view.id ? view : each)));
    return view;
  };
  const show = (viewer: string, views: readonly View[], top: View): View => {
    stacks.set(viewer, [...views, top]);
    return top;
  };

  return {
    get: (id) => all().find((view) => view.id === id),
    byExternalId: (externalId) => all().find((view) => view.externalId === externalId),
    stack,
    home: (viewer) => homes.get(viewer),
    open: (viewer, body, externalId) => show(viewer, [], made(viewer, 'modal', body, undefined, externalId)),
    push: (viewer, body, externalId) => show(viewer, stack(viewer), made(viewer, 'modal', body, stack(viewer).at(-1), externalId)),
    publish: (viewer, body) => replace(made(viewer, 'home', body, undefined, undefined)),
    update: (view, body) => replace({ ...view, body, hash: nextId('h'), errors: {} }),
    refuse: (view, errors) => void replace({ ...view, errors }),
    choose: (view, blockId, actionId, value) => replace({ ...view, values: { ...view.values, [blockId]: { ...view.values[blockId], [actionId]: value } } }),
    closeTop: (viewer) => void stacks.set(viewer, stack(viewer).slice(0, -1)),
    clear: (viewer) => void stacks.delete(viewer),
  };
};
