const near = 72;

/** Keeps the reader's place: at the end while somebody is there, otherwise where it was. */
export class Scroll {
  isAtEnd = true;

  constructor(private readonly scroller: HTMLElement, moved: () => void, signal: AbortSignal) {
    scroller.addEventListener('scroll', () => {
      this.isAtEnd = this.fromEnd() - scroller.clientHeight < near;
      moved();
    }, { signal, passive: true });
    const size = new ResizeObserver(() => this.isAtEnd && this.toEnd(false));
    size.observe(scroller);
    signal.addEventListener('abort', () => size.disconnect());
  }

  get isNearTop(): boolean {
    return this.scroller.scrollTop < 500;
  }

  /** From the top of what is visible to the end of the list. */
  fromEnd(): number {
    return this.scroller.scrollHeight - this.scroller.scrollTop;
  }

  keep(fromEnd: number): void {
    this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
  }

  toEnd(isSmooth: boolean): void {
    const isNear = isSmooth && this.fromEnd() < this.scroller.clientHeight * 4;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: isNear ? 'smooth' : 'instant' });
    this.isAtEnd = true;
  }
}
