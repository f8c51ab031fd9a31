/** Ways through the XML of customs systems, which write the names of elements in upper, lower and mixed case. */
import type { XmlElement } from '../xml';

/** Elements that are it, however deep they are wrapped; none within another. */
export function foundIn(elements: readonly XmlElement[], is: (name: string, element: XmlElement) => boolean) {
  const all: XmlElement[] = [];
  const walk = (element: XmlElement): void => {
    if (is(element.name.toLowerCase(), element)) all.push(element);
    else element.children.forEach(walk);
  };
  elements.forEach(walk);
  return all;
}

/** The children of this name. */
export function childrenIn({ children }: XmlElement, name: string): XmlElement[] {
  const wanted = name.toLowerCase();
  return children.filter((child) => child.name.length === name.length && child.name.toLowerCase() === wanted);
}

/** The text at the end of a path of names: of the first there that has one; empty when none has. */
export function textIn(element: XmlElement, ...path: readonly string[]): string {
  const [name, ...rest] = path;
  if (name === undefined) return element.text;
  for (const child of childrenIn(element, name)) {
    const text = textIn(child, ...rest);
    if (text !== '') return text;
  }
  return '';
}
