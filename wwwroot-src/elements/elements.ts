/** What `el` sets: properties of the element, `data` for data-attributes, `aria` for aria-attributes, `role` and others as attributes. */
export interface Shape {
  readonly class?: string;
  readonly text?: string;
  readonly data?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly aria?: Readonly<Record<string, string | boolean | null | undefined>>;
  readonly attributes?: Readonly<Record<string, string | null | undefined>>;
}

export type Child = Node | string | null | false | undefined;

/** Makes an element. Texts become text nodes: nothing that a person wrote is ever parsed as HTML. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, shape: Shape = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (shape.class) element.className = shape.class;
  if (shape.text !== undefined) element.textContent = shape.text;
  for (const [name, value] of Object.entries(shape.attributes ?? {})) if (value != null) element.setAttribute(name, value);
  for (const [name, value] of Object.entries(shape.aria ?? {})) if (value != null) element.setAttribute(`aria-${name}`, String(value));
  for (const [name, value] of Object.entries(shape.data ?? {})) if (value != null && value !== false) element.dataset[name] = value === true ? '' : String(value);
  element.append(...children.filter((child): child is Node | string => child != null && child !== false));
  return element;
}

const svg = 'http://www.w3.org/2000/svg';

/** One icon of the page's sprite; decoration unless it gets a name. */
export function icon(name: string, label?: string): SVGSVGElement {
  const element = document.createElementNS(svg, 'svg');
  element.setAttribute('class', 'icon');
  if (label) {
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', label);
  } else {
    element.setAttribute('aria-hidden', 'true');
  }
  const use = document.createElementNS(svg, 'use');
  use.setAttribute('href', `#i-${name}`);
  element.append(use);
  return element;
}

/** One of eight colours, the same for the same thing everywhere. */
export const hue = (id: number): number => Math.abs(id) % 8;

/** The same from a name, where there is no id. */
export function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) | 0;
  return hue(sum);
}

/** Replaces the children only where a signature differs, so that an unchanged part keeps its focus and selection. */
export function draw(target: Element, signature: string, make: () => Child[]): void {
  if (target.getAttribute('data-drawn') === signature) return;
  target.setAttribute('data-drawn', signature);
  target.replaceChildren(...make().filter((child): child is Node | string => child != null && child !== false));
}

/** A custom element whose listeners end with it. */
export abstract class LiveElement extends HTMLElement {
  private controller: AbortController | undefined;

  connectedCallback(): void {
    this.controller = new AbortController();
    this.start(this.controller.signal);
  }

  disconnectedCallback(): void {
    this.controller?.abort();
  }

  /** Called when it enters the page; everything that listens or repeats takes the signal. */
  protected abstract start(signal: AbortSignal): void;

  /** Its part of that name; Razor or the element itself made it. */
  protected piece<T extends HTMLElement = HTMLElement>(name: string): T {
    const found = this.querySelector<T>(`[data-part="${name}"]`);
    if (!found) throw new Error(`<${this.localName}> has no part '${name}'.`);
    return found;
  }
}

/** Calls at once and then every so often until the signal ends; not while nobody looks. */
export function every(milliseconds: number, signal: AbortSignal, tick: () => void): void {
  tick();
  const timer = setInterval(() => {
    if (!document.hidden) tick();
  }, milliseconds);
  document.addEventListener('visibilitychange', () => !document.hidden && tick(), { signal });
  signal.addEventListener('abort', () => clearInterval(timer));
}
