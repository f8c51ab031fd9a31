/** What a company is called: apart from the member's form, so that a page needs no more than this. */

/** What a company is called in a language: by its own script's name in Chinese, where there is one. */
export const nameOf = (
  { name, localName }: { name: string; localName?: string | undefined },
  as: 'en' | 'zh',
): string => (as === 'zh' ? (localName ?? name) : name);
