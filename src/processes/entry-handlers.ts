import type { EntryHandlers } from '../app/entry-port.ts';
import { formFor, suggest, type Forming } from '../app/form.ts';
import { homeOf, type Homing } from '../app/home.ts';
import { askInstead } from '../app/instead.ts';
import type { DeliveryRecords } from '../app/ports.ts';
import type { Receiving } from '../app/receive.ts';

type Entering = Forming & Homing & Receiving & { readonly records: DeliveryRecords };

/** The form, its type-ahead, the Home tab, and the buttons that ask another way. */
export const entryHandlers = (world: Entering): EntryHandlers => ({
  form: (input) => formFor(world, input),
  suggest: (input) => suggest(world, input),
  home: (input) => homeOf(world, input),
  instead: (input) => askInstead(world, input),
});

/** The same, for deliveries that may come before there is anything to handle them. */
export const entryOnce = (ready: Promise<EntryHandlers>): EntryHandlers => ({
  form: async (input) => (await ready).form(input),
  suggest: async (input) => (await ready).suggest(input),
  home: async (input) => (await ready).home(input),
  instead: async (input) => (await ready).instead(input),
});
