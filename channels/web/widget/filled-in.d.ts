/** What channels/web/widget/__init__.py fills in. */
declare const __WORDS__: Record<string, Record<string, string>>;
declare const __PANEL__: string;
declare const __DIGESTS__: Record<string, string>;
declare const __WORD_FILES__: Record<string, string>;
