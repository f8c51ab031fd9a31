/** A new version is rolled out under load: one process after another is told to end, and started again, as an orchestrator does it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Part, PartKind } from './parts';

export class Rolling {
  /** Processes that were ended and started anew. */
  readonly restarts: Partial<Record<PartKind, number>> = {};
  /** How long each took to its orderly end, in milliseconds. */
  readonly endMs: number[] = [];
  #isOver = false;

  constructor(
    private readonly parts: readonly Part[],
    private readonly tell: (line: string) => void,
  ) {}

  /** One after another, again and again until `end`; the next only once the one before is ready. */
  async go(): Promise<void> {
    for (let turn = 0; !this.#isOver; turn += 1) {
      const part = this.parts[turn % this.parts.length];
      if (!part) return;
      this.tell(`${part.kind} is replaced`);
      const began = performance.now();
      await part.stop();
      this.endMs.push(Math.round(performance.now() - began));
      await part.start();
      this.restarts[part.kind] = (this.restarts[part.kind] ?? 0) + 1;
      await pause(500);
    }
  }

  end(): void {
    this.#isOver = true;
  }
}
