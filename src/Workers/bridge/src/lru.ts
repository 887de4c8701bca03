/** A map that forgets what was used least recently, bounded by entries and by a weight of our choosing. */
export class Lru<V> {
  readonly #map = new Map<string, { value: V; weight: number }>();
  #weight = 0;

  constructor(private readonly maxEntries: number, private readonly maxWeight = Infinity) {}

  get size(): number {
    return this.#map.size;
  }

  get(key: string): V | undefined {
    const entry = this.#map.get(key);
    if (!entry)
      return undefined;
    this.#map.delete(key);
    this.#map.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V, weight = 1): void {
    this.delete(key);
    this.#map.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#map.keys()) {
      if (this.#map.size <= this.maxEntries && this.#weight <= this.maxWeight)
        break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#map.get(key);
    if (entry) {
      this.#map.delete(key);
      this.#weight -= entry.weight;
    }
  }

  clear(): void {
    this.#map.clear();
    this.#weight = 0;
  }
}
