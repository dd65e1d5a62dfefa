/** What stands in the place of a hidden value. */
export const markerOf = (what: string): string => `[hidden: ${what}]`;

const FAKE = /[[\uff3b\u27e6\u3010\u2045](?=\s{0,8}hidden\s{0,8}[:\uff1a])/gi;

/** Output that writes such a marker itself reads `(hidden:`, so every marker with a bracket is kdebug's. */
export const defuseMarkers = (text: string): string => text.replace(FAKE, '(');
