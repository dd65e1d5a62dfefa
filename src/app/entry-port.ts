/**
 * The other ways in beside a typed text: the form, its type-ahead, the Home tab, and the buttons that ask again in
 * another way. What they ask for becomes a text and goes through the same intake as everything else.
 */
import type { Image, Preset } from '../domain/catalogue.ts';
import type { ChannelId, ClusterName, MessageTs, Namespace, PodName, TeamId, UserId } from '../domain/names.ts';
import type { Outlook } from '../domain/policy/outlook.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Answer, Click, RequestLine } from './slack-port.ts';

export interface Entrant {
  readonly user: UserId;
  readonly team: TeamId;
  readonly channel: ChannelId;
}

/** A person who has the form open, and what they chose in it so far. */
export interface FormWanted extends Entrant {
  /** Absent: the default one. */
  readonly cluster?: ClusterName;
  readonly namespace?: Namespace;
}

/** What the rules could let this person reach there; never empty. */
export interface FormChoices {
  readonly cluster: ClusterName;
  readonly clusters: readonly ClusterName[];
  /** Chosen already, and within reach; or the only one there is. */
  readonly namespace: Namespace | null;
  /** Named in the configuration; others can be typed where a pattern stands for them. */
  readonly namespaces: readonly Namespace[];
  readonly images: readonly Pick<Image, 'name' | 'isDefault' | 'description'>[];
  readonly presets: readonly Pick<Preset, 'name' | 'description' | 'parameters'>[];
  readonly timeoutDefaultMs: number;
  readonly timeoutMaxMs: number;
}

export type FormAnswer =
  | { readonly kind: 'form'; readonly choices: FormChoices }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unavailable' };

export type SuggestWanted = Entrant & { readonly cluster: ClusterName; readonly typed: string } & (
  | { readonly of: 'namespace' }
  | { readonly of: 'pod'; readonly namespace: Namespace; /** What the message said that the form was opened from. */ readonly mentioned: readonly PodName[] }
);

export interface Suggestion {
  /** What goes into the command. */
  readonly value: string;
  readonly kind: 'known' | 'mentioned' | 'typed';
  /** Of a pod: `1/1 Running`. */
  readonly detail?: string;
}
export interface Suggestions {
  readonly suggestions: readonly Suggestion[];
  /** The cluster did not say in time which pods there are: the whole name has to be typed. */
  readonly isBlind: boolean;
}

/** A line of the Home tab, and where its card is. */
export interface HomeLine extends RequestLine {
  readonly card: { readonly channel: ChannelId; readonly ts: MessageTs } | null;
}

export type HomeAnswer =
  | { readonly kind: 'home'; readonly open: readonly HomeLine[]; readonly pending: readonly HomeLine[]; readonly history: readonly HomeLine[]; readonly outlooks: readonly Outlook[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unavailable' };

/** The same command again, but with the default image, or with the weakest profile. */
export interface Instead extends Click {
  readonly change: 'image' | 'profile';
}

export interface EntryHandlers {
  form(input: FormWanted): Promise<FormAnswer>;
  suggest(input: SuggestWanted): Promise<Suggestions>;
  home(input: Omit<Entrant, 'channel'>): Promise<HomeAnswer>;
  instead(input: Instead): Promise<Answer>;
}
